//! Arguments → the window or a command; the one place that prints an error and sets the exit code.

use std::process::ExitCode;

use glassbox::cli;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = &failure.message {
                cli::tell(message);
            }
            ExitCode::from(failure.code)
        }
    }
}
