#include "rules/report.hpp"

#include <algorithm>
#include <array>
#include <tocsin/rule.hpp>

namespace tocsin::rules {
namespace {

constexpr std::uint32_t max_checks = 8;

alert::Value to_value(const tocsin_value& v, const tocsin_reported& declared) {
    using alert::Value;
    switch (v.type) {
    case TOCSIN_T_BOOL:
        return Value::of_bool(v.u.i != 0);
    case TOCSIN_T_INT:
        return Value::of_int(v.u.i);
    case TOCSIN_T_DECIMAL:
    case TOCSIN_T_AMOUNT:
        return Value::of_decimal(v.u.i);
    case TOCSIN_T_DURATION:
        return Value::of_decimal(v.u.dur.count); // nanoseconds are 1e-9 seconds
    case TOCSIN_T_TIME:
        return Value::of_time(Time::from_nanos(v.u.i));
    case TOCSIN_T_SESSION:
        return Value::of_session(SessionDate::from_days(static_cast<std::int32_t>(v.u.i)));
    case TOCSIN_T_STRING:
        return Value::of_text(std::string{view(v.u.s)});
    case TOCSIN_T_PERCENT:
        return Value::of_decimal(rounded_percent(v.u.ratio.num, v.u.ratio.den));
    case TOCSIN_T_OBJECT: {
        Value object;
        object.kind = Value::Kind::object;
        for (std::uint32_t i = 0; i < v.u.list.n && i < declared.n_fields; ++i) {
            const tocsin_value& item = detail::item(v, i);
            const tocsin_reported& field = declared_at(declared.fields, declared.field_stride, i);
            if (item.type == 0) continue;
            object.keys.emplace_back(view(field.name));
            object.items.push_back(to_value(item, field));
        }
        return object;
    }
    case TOCSIN_T_LIST: {
        Value list;
        list.kind = Value::Kind::list;
        for (std::uint32_t i = 0; i < v.u.list.n; ++i)
            list.items.push_back(to_value(detail::item(v, i), declared));
        return list;
    }
    default: // absent, or of a newer interface
        return {};
    }
}

std::string_view in_words(std::uint32_t op) {
    switch (op) {
    case TOCSIN_OP_LT:
        return "<";
    case TOCSIN_OP_LE:
        return "<=";
    case TOCSIN_OP_GT:
        return ">";
    default:
        return ">=";
    }
}

} // namespace

Reported report(const RulePlan& rule, const tocsin_ask& ask, const tocsin_eval& eval, const void* state) {
    const tocsin_rule& type = *rule.type;
    std::vector<tocsin_value> values(type.n_values);
    std::array<tocsin_check, max_checks> checks{};
    tocsin_report filled{};
    filled.size = sizeof filled;
    filled.n_values = type.n_values, filled.values = values.data();
    filled.checks = checks.data(), filled.max_checks = max_checks;
    type.report(&ask, rule.config.get(), state, &eval, &filled);

    Reported made;
    for (std::uint32_t i = 0; i < type.n_values; ++i) {
        const tocsin_reported& declared = declared_at(type.values, type.value_stride, i);
        alert::Value value = to_value(values[i], declared);
        if (value.kind == alert::Value::Kind::absent) continue;
        made.values.push_back({std::string{view(declared.name)}, std::move(value)});
    }
    for (std::uint32_t i = 0; i < std::min(filled.n_checks, max_checks); ++i) {
        const tocsin_check& check = checks[i];
        made.distance.push_back({std::string{view(check.what)}, std::string{in_words(check.op)},
                                 to_value(check.left, {}), to_value(check.right, {}),
                                 to_value(check.margin, {})});
    }
    made.summary = rule.rule.summary;
    if (made.summary.empty() && type.n_summaries != 0)
        made.summary = view(type.summaries[std::min(filled.summary, type.n_summaries - 1)]);
    return made;
}

std::string_view reason_in_words(std::uint32_t why) {
    switch (why) {
    case TOCSIN_WHY_NONE:
        return "";
    case TOCSIN_WHY_SESSION_END:
        return "session_end";
    case TOCSIN_WHY_NO_PRICE:
        return "no_price";
    case TOCSIN_WHY_NO_PREV_CLOSE:
        return "no_prev_close";
    case TOCSIN_WHY_MIN_SESSIONS:
        return "min_sessions";
    case TOCSIN_WHY_HALTED:
        return "halted";
    case TOCSIN_WHY_CLOSED:
        return "closed";
    case TOCSIN_WHY_NO_CLOSE:
        return "no_close";
    case TOCSIN_WHY_FIRST_PRICE:
        return "first_price";
    case TOCSIN_WHY_EXPIRED:
        return "expired";
    case TOCSIN_WHY_RESCHEDULED:
        return "rescheduled";
    case TOCSIN_WHY_STALE:
        return "stale";
    case TOCSIN_WHY_MEMBER:
        return "member";
    case TOCSIN_WHY_PEAK_EXPIRED:
        return "peak_expired";
    case TOCSIN_WHY_LATE_ARRIVAL:
        return "late_arrival";
    default: // of a newer plugin
        return "unknown";
    }
}

} // namespace tocsin::rules
