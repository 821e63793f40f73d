# Counts the test cases in what ctest has logged (Testing/Temporary/LastTest.log) or one test program printed, and prints
# `N passed, N failed`. Knows the summaries of Catch2 and of Python's unittest; a test without one counts as a single case. A
# program that fails though all its cases passed (a sanitizer's report at its end, say) counts one failed case more.
function number_before(word) { return match($0, "[0-9]+ " word) ? substr($0, RSTART) + 0 : 0 }
function number_after(word) { return match($0, word "[0-9]+") ? substr($0, RSTART + length(word)) + 0 : 0 }
function count(good, bad) { passed += good; failed += bad; summaries++ }
/^[0-9]+\/[0-9]+ Testing: / { summaries = ran = 0; failed_before = failed }
/^All tests passed \(/      { count(number_before("test case"), 0) }
/^test cases: /             { count(number_before("passed"), number_before("failed")) }
/^No tests ran/             { count(0, 0) }
/^Ran [0-9]+ tests? in /    { ran = $2 }
ran && /^OK( \(.*\))?$/            { count(ran - number_after("skipped="), 0) }
ran && /^FAILED \(.*=.*\)$/        { bad = number_after("failures=") + number_after("errors="); count(ran > bad ? ran - bad : 0, bad) }
/^Test Passed\.$/ && !summaries              { passed++ }
/^Test Failed\.$/ && failed == failed_before { failed++ }
END                         { printf "%d passed, %d failed\n", passed, failed }
