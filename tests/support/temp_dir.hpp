// TempDir: a directory of a test's own, under the system's temporary directory; it goes away with the object.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tocsin::tests {

class TempDir {
public:
    TempDir() {
        std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-test-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"mkdtemp failed for " + pattern};
        path_ = pattern;
    }
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    const std::filesystem::path& path() const { return path_; }
    /// Where a file of that name lies, whether it exists or not. `name` may have folders: `rules/a.yaml`.
    std::string at(std::string_view name) const { return (path_ / name).string(); }
    /// Writes a file, making the folders that its name has; returns its path.
    std::string write(std::string_view name, std::string_view text) const {
        const std::filesystem::path file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream out{file, std::ios::binary};
        out << text;
        if (!out.flush()) throw std::runtime_error{"cannot write " + file.string()};
        return file.string();
    }

private:
    std::filesystem::path path_;
};

} // namespace tocsin::tests
