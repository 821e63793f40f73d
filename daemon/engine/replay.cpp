#include "engine/replay.hpp"

#include "base/log.hpp"
#include "engine/pipeline.hpp"
#include "engine/serving.hpp"
#include "engine/stop.hpp"
#include "feed/dead_letter.hpp"
#include "feed/file.hpp"
#include "feed/merge.hpp"
#include "feed/reject_log.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <sched.h>
#include <thread>

namespace tocsin::engine {
namespace {

using Clock = std::chrono::steady_clock;

/// Holds events back until the wall clock is where the speed wants it.
class Pace {
public:
    explicit Pace(Speed speed) : speed_{speed}, start_{Clock::now()} {}
    /// Waits until the event is due or a signal comes, and calls `meanwhile` ten times a second.
    template <class F> void wait_for(const market::Event& event, SessionDate session, F meanwhile) {
        double seconds = 0;
        if (speed_.times > 0) {
            if (first_ == Time::min()) first_ = event.at;
            seconds = static_cast<double>(event.at.nanos() - first_.nanos()) / 1e9 / speed_.times;
        } else if (speed_.sessions_per_second > 0) {
            if (session > session_ && session_ != SessionDate{}) ++sessions_;
            session_ = std::max(session_, session);
            seconds = static_cast<double>(sessions_) / speed_.sessions_per_second;
        } else {
            return;
        }
        constexpr double forever = 1e9; // thirty years, which the clock can count
        const auto due = start_ + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>{std::min(seconds, forever)});
        for (auto now = Clock::now(); now < due && !stop::requested(); now = Clock::now()) {
            stop::wait_for(std::min<Clock::duration>(due - now, std::chrono::milliseconds{100}));
            meanwhile();
        }
    }

private:
    Speed speed_;
    Clock::time_point start_;
    Time first_ = Time::min();
    SessionDate session_;
    std::uint64_t sessions_ = 0;
};

std::optional<double> positive(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value > 0) || value > 1e12) return {};
    return value;
}

/// Of this program alone: what getrusage tells includes the process that started it. 0: the kernel does not
/// say.
std::int64_t peak_rss_bytes() {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;)
        if (std::int64_t kib = 0; word == "VmHWM:" && status >> kib) return kib * 1024;
    return 0;
}

/// Those that this process may run on; the standard library counts the machine's.
unsigned cores() {
    cpu_set_t own;
    CPU_ZERO(&own);
    return sched_getaffinity(0, sizeof own, &own) == 0 ? static_cast<unsigned>(CPU_COUNT(&own)) : 1;
}

/// The session that an event is of, for a pace in sessions: a bar names it, other events have the date of
/// their time.
SessionDate session_of(const market::Event& event) {
    if (const auto* bar = std::get_if<market::Bar>(&event.what)) return bar->session;
    return SessionDate::from_days(static_cast<std::int32_t>(event.at.nanos() / nanos_per_day));
}

} // namespace

ParsedSpeed parse_speed(std::string_view text) {
    ParsedSpeed parsed;
    std::optional<double> number;
    if (text.ends_with("sessions/s"))
        number = positive(text.substr(0, text.size() - 10));
    else if (text.ends_with("session/s"))
        number = positive(text.substr(0, text.size() - 9));
    if (number) return parsed.value.sessions_per_second = *number, parsed;
    if (text.ends_with('x')) number = positive(text.substr(0, text.size() - 1));
    if (number) return parsed.value.times = *number, parsed;
    parsed.problem = "is no speed: write 60x, 1x or 1session/s";
    return parsed;
}

SessionDate session_or_date(const alert::Alert& alert, const config::Config& config) {
    if (alert.session) return *alert.session;
    if (!config.calendars.empty()) return config.calendars.front()->local_date(alert.at);
    return SessionDate::from_days(static_cast<std::int32_t>(alert.at.nanos() / nanos_per_day));
}

Result<ReplayStats> replay(const Setup& setup, const ReplayOptions& options,
                           const std::function<void(const alert::Alert&)>& print) {
    const auto& config = setup.config;
    std::vector<std::string> names;
    for (const auto& feed : config.feeds) names.push_back(feed.name);

    std::unique_ptr<feed::DeadLetters> dead_letters;
    if (!options.dead_letter.empty()) {
        auto opened = feed::DeadLetters::open(options.dead_letter, names, feed::DeadLetters::Earlier::remove);
        if (!opened) return opened.error();
        dead_letters = std::move(*opened);
    }
    feed::RejectLog reject_log{names, [](std::string_view line) { log::warn(line); }};
    std::optional<Error> bad_line;
    const auto sink = [&](const feed::Reject& reject) {
        if (bad_line) return; // the first one ends it
        reject_log.add(reject);
        if (dead_letters)
            if (const auto failed = dead_letters->write(reject)) log::error(failed->text());
        if (options.strict)
            bad_line = Error{reject.file, static_cast<int>(reject.line), 0,
                             "bad line (" + std::string{name(reject.reason)} + "): " + reject.detail};
    };

    // More than three do not pay: one core decides what they have decoded.
    const unsigned helpers = std::min(cores() - 1, 3u);
    std::vector<std::unique_ptr<feed::FileFeed>> files;
    std::vector<feed::Source*> sources;
    for (market::FeedId id = 0; id < config.feeds.size(); ++id) {
        if (config.feeds[id].live()) {
            log::info("feed " + config.feeds[id].name + " is live: a replay does not open it");
            continue;
        }
        auto opened =
            feed::FileFeed::open(config.feeds[id], id, config.symbols, sink, feed::Growth::finished, helpers);
        if (!opened) return opened.error();
        files.push_back(std::move(*opened));
        sources.push_back(files.back().get());
    }

    Pipeline pipeline{config, *setup.plan};
    std::unique_ptr<Serving> serving;
    if (options.serve) {
        auto opened = Serving::open(setup, options.server_name);
        if (!opened) return opened.error();
        serving = std::move(*opened);
        serving->start();
        log::info("serving on " + serving->address() + " while the files play");
    }

    std::vector<Time> newest(config.feeds.size(), Time::min());
    bool playing = true;
    const auto feeds_now = [&] {
        std::vector<push::FeedStatus> all;
        all.reserve(files.size());
        const auto state = playing ? push::FeedState::reading : push::FeedState::ended;
        for (const auto& file : files)
            all.push_back(feed_status(file->configured(), state, file->counters(), newest[file->id()]));
        return all;
    };

    const auto started = Clock::now();
    ReplayStats stats;
    std::vector<alert::Alert> alerts;
    const auto hand_on = [&] {
        for (auto& alert : alerts) {
            alert.seq = ++stats.alerts;
            const auto date = session_or_date(alert, config);
            if ((!options.from || date >= *options.from) && (!options.to || date <= *options.to))
                print(alert);
        }
        if (serving) {
            serving->set_feeds(feeds_now());
            serving->publish(pipeline, std::move(alerts));
        }
        alerts.clear();
    };

    feed::Merge merge{sources};
    Pace pace{options.speed};
    market::Event event;
    bool more = true;
    while (!stop::requested() && (more = merge.next(event)) && !bad_line) {
        pace.wait_for(event, session_of(event), [&] {
            if (serving) serving->publish(pipeline, {}); // somebody may have asked for the rules
        });
        if (stop::requested()) break;
        newest[event.feed] = std::max(newest[event.feed], event.at);
        pipeline.take(event, alerts);
        if (!alerts.empty() || serving) hand_on();
    }
    if (bad_line) return *bad_line;
    for (const auto& file : files)
        if (!more && file->error()) return *file->error();
    playing = false;
    if (!stop::requested()) pipeline.finish(options.to, alerts);
    hand_on();
    if (serving) serving->stop();

    const auto& counted = pipeline.counters();
    stats.events = counted.events;
    stats.out_of_session = counted.out_of_session, stats.before_calendar = counted.before_calendar;
    stats.late = counted.late, stats.corrections = counted.corrections;
    stats.differing_closes = counted.differing_closes;
    stats.rule_evaluations = pipeline.host().evaluations();
    for (const auto& file : files) {
        stats.rejected += file->counters().all_rejected();
        for (const auto& [reason, count] : file->counters().by_reason()) stats.rejected_by[reason] += count;
    }
    stats.stopped = stop::requested();
    stats.seconds = std::chrono::duration<double>(Clock::now() - started).count();
    stats.peak_rss_bytes = peak_rss_bytes();
    return stats;
}

} // namespace tocsin::engine
