//! The desktop binary: nothing but the call.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {}
