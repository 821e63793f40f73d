// Report: what a rule says of itself when it is asked: the values of an alert, the summary that fits, and the
// comparisons that tell how far it is from firing. Asking changes nothing.
#pragma once
#include "alert/alert.hpp"
#include "rules/ask.hpp"
#include "rules/plan.hpp"

#include <string>
#include <string_view>
#include <tocsin/plugin.h>
#include <vector>

namespace tocsin::rules {

/// A comparison as it stands: `value op threshold`; margin: how far value is from making it true (≤ 0: it
/// holds).
struct Distance {
    std::string what, op;
    alert::Value value, threshold, margin;
};

struct Reported {
    std::vector<alert::NamedValue> values; // in the declared order; absent ones are left out
    std::vector<Distance> distance;
    std::string_view summary; // the rule's own, or the type's that fits; lives as long as the plan
};

/// `state` is the instance's block. Requires: what eval names lives through the call.
Reported report(const RulePlan& rule, const tocsin_ask& ask, const tocsin_eval& eval, const void* state);

/// Why a rule is held or warms up, in one word: `halted`, `no_prev_close`.
std::string_view reason_in_words(std::uint32_t why);

} // namespace tocsin::rules
