#pragma once

#include <memory>

#include "cli/command.h"

/// One function for each command, in a file of that name.
namespace flux::cli {

std::unique_ptr<Command> automate_command();
/// Hidden: answers the shells' completion scripts, with or without descriptions.
std::unique_ptr<Command> complete_command(bool descriptions);
std::unique_ptr<Command> completion_command();
std::unique_ptr<Command> deautomate_command();
std::unique_ptr<Command> diff_command();
std::unique_ptr<Command> explain_command();
std::unique_ptr<Command> help_command();
std::unique_ptr<Command> identity_command();
std::unique_ptr<Command> install_command();
std::unique_ptr<Command> list_images_command();
std::unique_ptr<Command> list_workloads_command();
std::unique_ptr<Command> lock_command();
std::unique_ptr<Command> policy_command();
std::unique_ptr<Command> release_command();
std::unique_ptr<Command> save_command();
std::unique_ptr<Command> status_command();
std::unique_ptr<Command> sync_command();
std::unique_ptr<Command> unlock_command();
std::unique_ptr<Command> version_command();

}  // namespace flux::cli
