// Every limit, with its reason. A limit that a user can meet stands in docs/limits.md too.
#pragma once
#include <cstddef>
#include <cstdint>

namespace tocsin::limits {

/// A feed's line. An event is some 200 bytes; a title and a url may take a few KiB. More is a broken feed.
inline constexpr std::size_t line_bytes = 1 << 20;
/// A configuration, rule or calendar file, and how deep it may nest: what a person would write, with room.
inline constexpr std::size_t yaml_bytes = 1 << 20;
inline constexpr int yaml_levels = 64;
/// Alerts held in memory: at some 600 bytes each about 60 MB.
inline constexpr std::size_t log_alerts = 100'000;
/// A client's message. A subscribe with hundreds of names fits.
inline constexpr std::size_t client_message_bytes = 64 << 10;
/// An HTTP head.
inline constexpr std::size_t http_head_bytes = 16 << 10;
inline constexpr std::size_t subscriptions_per_connection = 64;
inline constexpr std::size_t filter_entries = 256;
/// Bytes gathered into one write to a subscriber that is behind.
inline constexpr std::size_t write_bytes = 64 << 10;
/// Events of live feeds that wait for the deciding thread; full means that reading stops and TCP pushes back.
inline constexpr std::size_t live_queue_events = 65'536;
/// Connections to one TCP feed, each with a buffer of at most 1.3 MB; further ones are closed at once.
inline constexpr std::size_t feed_connections = 64;
/// A dead-letter file; when full it is moved to FILE.1 and begun anew.
inline constexpr std::size_t dead_letter_bytes = 16 << 20;
/// Lines that a file feed holds back to put them in order, where it declares a lateness.
inline constexpr std::size_t reorder_lines = 1 << 20;
/// The window that a .zst file may want, as a power of two: 128 MiB, which is what zstd(1) takes unasked.
inline constexpr int zstd_window_log = 27;
/// Distinct tariff events remembered, to tell a repeat from news. 2025, a busy year, had some 130.
inline constexpr std::size_t tariff_events = 65'536;
/// Concurrent episodes of one rule and symbol (a tariff's measures); the oldest is evicted and counted.
inline constexpr std::size_t subjects = 1024;
/// Levels of one rule.
inline constexpr std::size_t levels = 16;

} // namespace tocsin::limits
