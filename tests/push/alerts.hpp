// Alerts to fill a log with, where only a few members matter.
#pragma once
#include "alert/alert.hpp"

#include <string>
#include <vector>

namespace tocsin::push {

struct AlertOf {
    std::string rule = "drop", symbol = "N225";
    alert::Severity severity = alert::Severity::warning;
    alert::State state = alert::State::event;
    std::string id = "0123456789abcdef0123456789abcdef";
    std::string desk = "japan";
    std::string summary = {};
};

inline alert::Alert made(const AlertOf& of) {
    alert::Alert alert;
    alert.id = of.id;
    alert.rule = of.rule;
    alert.kind = "session_move";
    alert.symbol = of.symbol;
    alert.severity = of.severity;
    alert.state = of.state;
    alert.summary = of.summary;
    alert.labels = {{"desk", of.desk}};
    return alert;
}

inline std::vector<alert::Alert> events(std::size_t count, const AlertOf& of = {}) {
    return std::vector<alert::Alert>(count, made(of));
}

} // namespace tocsin::push
