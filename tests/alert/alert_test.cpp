#include "alert/alert.hpp"

#include <catch2/catch.hpp>

using namespace tocsin::alert;

TEST_CASE("states, reasons, severities and qualities have the words of the contract") {
    CHECK(name(State::firing) == "firing");
    CHECK(name(State::resolved) == "resolved");
    CHECK(name(State::event) == "event");
    CHECK(name(State::amended) == "amended");
    CHECK(name(State::retracted) == "retracted");
    CHECK(name(Reason::entered) == "entered");
    CHECK(name(Reason::escalated) == "escalated");
    CHECK(name(Reason::deescalated) == "deescalated");
    CHECK(name(Reason::reminder) == "reminder");
    CHECK(name(Reason::cleared) == "cleared");
    CHECK(name(Reason::session_end) == "session_end");
    CHECK(name(Reason::expired) == "expired");
    CHECK(name(Reason::rescheduled) == "rescheduled");
    CHECK(name(Reason::rule_removed) == "rule_removed");
    CHECK(name(Reason::corrected) == "corrected");
    CHECK(name(Reason::peak_expired) == "peak_expired");
    CHECK(name(Reason::late_arrival) == "late_arrival");
    CHECK(name(Severity::info) == "info");
    CHECK(name(Severity::warning) == "warning");
    CHECK(name(Severity::critical) == "critical");
    CHECK(name(Quality::ok) == "ok");
    CHECK(name(Quality::provisional) == "provisional");
    CHECK(name(Quality::late) == "late");
    CHECK(name(Quality::halted) == "halted");
    CHECK(name(Quality::stale) == "stale");
    CHECK(name(Quality::conflict) == "conflict");
    CHECK(name(Quality::gap) == "gap");
}

TEST_CASE("severities and states are known by their words, and by no other") {
    CHECK(severity_named("info") == Severity::info);
    CHECK(severity_named("critical") == Severity::critical);
    CHECK_FALSE(severity_named("Critical").has_value());
    CHECK_FALSE(severity_named("").has_value());
    CHECK(state_named("firing") == State::firing);
    CHECK(state_named("retracted") == State::retracted);
    CHECK_FALSE(state_named("fired").has_value());
}
