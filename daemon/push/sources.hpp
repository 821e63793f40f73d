// Sources: where the push server takes what it serves. Filled by the engine, which keeps what is referred to
// alive until the server is gone. The functions are called from I/O threads, several at once.
#pragma once
#include "push/filter.hpp"
#include "push/status.hpp"
#include "store/alert_log.hpp"

#include <functional>
#include <string>
#include <tocsin/time.hpp>
#include <vector>

namespace prometheus {
class Registry;
}

namespace tocsin::push {

using RulesAnswer = std::function<void(std::vector<RuleStatus>)>;

struct Sources {
    const store::AlertLog& log;
    prometheus::Registry& metrics; // the engine's own metrics are served with push's
    Catalogue catalogue;           // against which filters are held
    /// Event time up to which all is decided; Time::min() if nothing was.
    std::function<Time()> evaluated_through;
    std::function<std::vector<FeedStatus>()> feeds;
    /// Asks for the state of every rule. Returns at once; the answer may be called from any thread, at any
    /// time later, also after the server is gone, or never (then the client gets 503).
    std::function<void(RulesAnswer)> rules;
    /// Why the daemon is not ready, for people; empty if it is.
    std::function<std::vector<std::string>()> unready_reasons;
};

} // namespace tocsin::push
