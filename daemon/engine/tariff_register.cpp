#include "engine/tariff_register.hpp"

#include "base/limits.hpp"

#include <algorithm>

namespace tocsin::engine {
namespace {

std::string identity(const market::Tariff& tariff) {
    std::string key;
    const auto add = [&](std::string_view part) { key.append(part).push_back('\0'); };
    for (const auto& part :
         {tariff.measure, std::string{name(tariff.stage)}, tariff.imposer, tariff.target, tariff.scope})
        add(part);
    add(tariff.rate ? tariff.rate->to_string() : "-");
    add(tariff.effective ? std::to_string(tariff.effective->nanos()) : "-");
    add(tariff.expires ? std::to_string(tariff.expires->nanos()) : "-");
    return key;
}

} // namespace

TariffRegister::Known TariffRegister::add(const market::Tariff& tariff, market::FeedId feed) {
    const std::string key = identity(tariff);
    const auto [at, fresh] = known_.try_emplace(key);
    if (fresh) {
        order_.push_back(key);
        if (order_.size() > limits::tariff_events) {
            known_.erase(order_.front());
            order_.pop_front();
            ++forgotten_;
        }
    }
    auto& sources = at->second.sources;
    if (std::find(sources.begin(), sources.end(), feed) == sources.end()) sources.push_back(feed);
    Known before = at->second;
    at->second.prior_tier = std::max(at->second.prior_tier, static_cast<std::uint32_t>(tariff.tier));
    return before;
}

} // namespace tocsin::engine
