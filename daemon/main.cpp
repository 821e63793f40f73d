#include "cli/command.hpp"

int main(int argc, char** argv) {
    return tocsin::cli::run(argc, argv);
}
