# Counts the test cases in what ctest has logged (Testing/Temporary/LastTest.log) or a Catch2 program printed, and prints
# `N passed, N failed`. A test that is no Catch2 program counts as one case; a program that fails though all its cases passed
# (a sanitizer's report at its end, a crash before the summary) counts one failed case more.
function number_before(word) { return match($0, "[0-9]+ " word) ? substr($0, RSTART) + 0 : 0 }
/^[0-9]+\/[0-9]+ Testing: / { summaries = 0; failed_before = failed }
/^All tests passed \(/      { passed += number_before("test case"); summaries++ }
/^test cases: /             { passed += number_before("passed"); failed += number_before("failed"); summaries++ }
/^No tests ran/             { summaries++ }
/^Test Passed\.$/ && !summaries              { passed++ }
/^Test Failed\.$/ && failed == failed_before { failed++ }
END                         { printf "%d passed, %d failed\n", passed, failed }
