// What the engine's tests share: a configuration in a directory of its own, loaded with the plugins of this
// build, and events as lines that are decided without a file, a socket or a clock.
#pragma once
#include "alert/json.hpp"
#include "config/load.hpp"
#include "engine/pipeline.hpp"
#include "feed/check.hpp"
#include "feed/line.hpp"
#include "feed/ndjson.hpp"
#include "rules/plan.hpp"
#include "rules/plugin.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::tests {

/// The plugins of this build, the frozen ones among them where they are built. Loaded once: a plugin is never
/// unloaded.
inline const rules::Plugins& plugins() {
    static const rules::Plugins all = [] {
        rules::Plugins loaded;
        Diagnostics diagnostics;
        loaded.load_directory(TOCSIN_BINARY_DIR "/plugins", rules::host_table(), diagnostics);
        if (std::filesystem::exists(TOCSIN_BINARY_DIR "/tests/frozen"))
            loaded.load_directory(TOCSIN_BINARY_DIR "/tests/frozen", rules::host_table(), diagnostics);
        for (const auto& error : diagnostics.errors()) FAIL(error.text());
        return loaded;
    }();
    return all;
}

/// Tokyo with lunch and closing auction, from Tuesday 2025-04-01 to 2025-06-30, closed on 2025-04-29: 09:00
/// to 15:30 is 00:00Z to 06:30Z.
inline constexpr std::string_view tokyo = R"(calendar: XTKS
zone: Asia/Tokyo
from: 2025-04-01
to: 2025-06-30
hours:
  - {from: 2025-04-01, open: "09:00", break: ["11:30", "12:30"], auction: "15:25", close: "15:30", weekdays: [mon, tue, wed, thu, fri]}
closed: [2025-04-29]
)";
/// New York, one long morning: 09:30 to 16:00 is 13:30Z to 20:00Z.
inline constexpr std::string_view new_york = R"(calendar: XNYS
zone: America/New_York
from: 2025-04-01
to: 2025-06-30
hours:
  - {from: 2025-04-01, open: "09:30", close: "16:00", weekdays: [mon, tue, wed, thu, fri]}
closed: [2025-04-18, 2025-05-26, 2025-06-19]
special:
  - {date: 2025-05-23, close: "13:00"}
)";

/// A configuration and its plan. N225 and TPX trade in Tokyo, SPX in New York.
class Desk {
public:
    /// `rules` is what stands under `rules:` in a rule file; `top` are further keys of the configuration;
    /// `calendars` are others than those above.
    explicit Desk(std::string_view rules, std::string_view top = "",
                  std::string_view calendars = "xtks.yaml, xnys.yaml") {
        directory_.write("xtks.yaml", tokyo);
        directory_.write("xnys.yaml", new_york);
        directory_.write("rules.yaml", "rules:\n" + std::string{rules});
        const auto file = directory_.write("tocsin.yaml", R"(listen: 127.0.0.1:0
calendars: [)" + std::string{calendars} + R"(]
symbols:
  N225: {name: Nikkei 225, calendar: XTKS}
  TPX: {calendar: XTKS}
  SPX: {calendar: XNYS}
feeds:
  - {name: desk, tcp: "127.0.0.1:0"}
rules: [rules.yaml]
)" + std::string{top});
        Diagnostics diagnostics;
        config = config::load_config(file, diagnostics);
        plan = rules::make_plan(config, plugins(), diagnostics);
        for (const auto& error : diagnostics.errors()) FAIL(error.text() << '\n' << rules);
    }

    config::Config config;
    std::unique_ptr<rules::Plan> plan;

private:
    TempDir directory_;
};

/// Events as lines of NDJSON, decoded as the desk's feed would.
class Decoding {
public:
    explicit Decoding(const Desk& desk)
        : check_{desk.config.feeds.front(), desk.config.symbols}, decoder_{feed::ndjson_decoder(check_)} {}
    market::Event operator()(std::string line) {
        const auto size = line.size();
        line.append(feed::LineBuffer::padding, ' ');
        market::Event event;
        if (const auto fault = decoder_->decode(std::string_view{line}.substr(0, size), event))
            FAIL(line.substr(0, size) << ": " << fault->detail);
        return event;
    }

private:
    feed::Check check_;
    std::unique_ptr<feed::Decoder> decoder_;
};

/// One run of the pipeline; what it tells, as bytes.
class Run {
public:
    explicit Run(const Desk& desk) : pipeline{desk.config, *desk.plan} {}

    void take(const market::Event& event) {
        pipeline.take(event, alerts_);
        number();
    }
    void finish(std::optional<SessionDate> to = {}) {
        pipeline.finish(to, alerts_);
        number();
    }
    /// As in `replay --format ndjson`, without the seq, which a run that was begun anew does not know.
    std::vector<std::string> lines() const {
        std::vector<std::string> all;
        for (const auto& alert : told) all.push_back(alert::to_json(alert));
        return all;
    }

private:
    void number() {
        for (auto& alert : alerts_) told.push_back(std::move(alert));
        alerts_.clear();
    }
    std::vector<alert::Alert> alerts_;

public:
    engine::Pipeline pipeline;
    std::vector<alert::Alert> told;
};

} // namespace tocsin::tests
