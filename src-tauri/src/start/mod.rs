//! Assembles the app, runs it, and shuts it down in the right order. Decides nothing about downloads.

#[cfg_attr(desktop, path = "desktop.rs")]
#[cfg_attr(mobile, path = "mobile/mod.rs")]
mod os;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use millrace_backend::app::{self, App, PlatformServices};
use millrace_backend::app_log::{self, AppLog};
use millrace_backend::app_state::{AppState, EngineSlot};
use millrace_backend::folder_grants::FolderGrants;
use millrace_backend::history::History;
use millrace_backend::hub::Hub;
use millrace_backend::i18n::Messages;
use millrace_backend::paths::AppPaths;
use millrace_backend::request::Request;
use millrace_backend::settings::{ReplacedFile, Settings, SettingsStore};
use millrace_engine::{
    CommandError, Config, Engine, FileSystem, Handle, StartNotice, Subscription,
};
use parking_lot::Mutex;
use tauri::async_runtime::{JoinHandle, block_on, spawn, spawn_blocking};
use tauri::{AppHandle, Manager, RunEvent, WindowEvent, Wry};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::early_calls::EarlyCalls;
use crate::platform::{self, HIDDEN, IntegrationThread, TauriPlatform};
use crate::window::{self, SavedBounds};
use crate::{bindings, paths, preview_scheme};

/// How long the engine may flush during shutdown.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(10);

/// The engine's task, which is awaited before the process ends.
struct EngineTask(Mutex<Option<JoinHandle<()>>>);

/// Runs the app until its window is closed. Every argument that is not an option is a link to download.
pub fn run() -> ExitCode {
    let context: tauri::Context<Wry> = tauri::generate_context!();
    let (requests, inbox) = unbounded_channel();
    if let Some(ended) = os::hand_over(&context.config().identifier, &requests) {
        return ended;
    }
    let asks = requests.clone();
    let outlives = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&outlives);
    let builder = preview_scheme::register(tauri::Builder::default());
    let calls = EarlyCalls::new(bindings::all().invoke_handler());
    let early = Arc::clone(&calls);
    let built = os::add_plugins(builder, requests.clone())
        .plugin(platform::autostart())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_fs::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(move |invoke| early.call(invoke))
        .setup(move |app| {
            let given = Given {
                calls,
                requests,
                inbox,
                outlives: told,
            };
            if let Err(error) = start(app.handle(), given) {
                show_fatal_error(app.handle(), &error.to_string());
            }
            Ok(())
        })
        .build(context);
    match built {
        Ok(app) => {
            app.run(move |app, event| {
                if let Some(request) = os::app_request(&event) {
                    // ignored: the receiver is gone during shutdown
                    let _ = asks.send(request);
                }
                if let RunEvent::WindowEvent { label, event, .. } = event {
                    if matches!(event, WindowEvent::Destroyed) {
                        save_bounds(app);
                    }
                    window::on_event(app, label, &event);
                } else if let RunEvent::ExitRequested {
                    code: None, api, ..
                } = event
                {
                    // the last window was closed, but the tray keeps the app running, or the phone ends it
                    if os::OUTLIVES_WINDOW || outlives.load(Ordering::Relaxed) {
                        api.prevent_exit();
                    }
                } else if matches!(event, RunEvent::Exit) {
                    stop(app);
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            print_error(&format!("millrace-app: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// What exists before the app starts.
struct Given {
    calls: Arc<EarlyCalls<Wry>>,
    requests: UnboundedSender<Request>,
    inbox: UnboundedReceiver<Request>,
    outlives: Arc<AtomicBool>,
}

/// What is known before the list is read.
struct Opened {
    home: AppPaths,
    log: AppLog,
    folders: Arc<FolderGrants>,
    settings: SettingsStore,
    unreadable: Option<ReplacedFile>,
    arguments: Vec<String>,
}

/// Opens the window, and starts the engine beside it. This thread serves the page, which loads meanwhile, so it does not
/// wait for the engine: [`finish`] follows when that runs, and until then the page's commands wait.
fn start(app: &AppHandle<Wry>, given: Given) -> Result<(), Box<dyn std::error::Error>> {
    let home = paths::resolve(app)?;
    let log = AppLog::open(&home.state);
    app_log::install(&log);
    log_panics(log.clone());
    // Errors are ignored: with the old limit fewer downloads can run in parallel, and the others report it.
    let _limit = millrace_engine::raise_descriptor_limit();
    let folders = Arc::new(FolderGrants::open(&home));
    let (settings, unreadable) = SettingsStore::open(&home, Arc::clone(&folders));
    let config = config(&home, &settings.now(), platform::files(app));
    let beside = app.clone();
    let engine = spawn_blocking(move || engine(&beside, config));
    app.manage(SavedBounds::open(home.window()));
    let arguments: Vec<String> = std::env::args().collect();
    if !is_hidden(&arguments) {
        window::open(app)?;
    }
    let opened = Opened {
        home,
        log,
        folders,
        settings,
        unreadable,
        arguments,
    };
    let app = app.clone();
    spawn(async move {
        let started = engine.await.map_err(Into::into).flatten();
        let end = app.clone();
        // ignored: the event loop has ended
        let _ = app.run_on_main_thread(move || {
            let log = opened.log.clone();
            let finished = match started {
                Ok(engine) => finish(&end, given, opened, engine),
                Err(error) => Err(error as Box<dyn std::error::Error>),
            };
            if let Err(error) = finished {
                tracing::error!("not started: {error}");
                log.flush();
                show_fatal_error(&end, &error.to_string());
            }
        });
    });
    Ok(())
}

/// Starts everything that depends on the engine.
fn finish(
    app: &AppHandle<Wry>,
    given: Given,
    opened: Opened,
    engine: StartedEngine,
) -> Result<(), Box<dyn std::error::Error>> {
    let Given {
        calls,
        requests,
        inbox,
        outlives,
    } = given;
    let StartedEngine {
        handle,
        running,
        found,
        updates: [first, second],
    } = engine;
    app.manage(EngineTask(Mutex::new(Some(running))));
    #[cfg(feature = "bench")]
    let first = millrace_backend::bench::subscription().unwrap_or(first);
    let (hub, hub_runs) = Hub::start(first);
    spawn(hub_runs);
    let history = History::open(opened.home.history_db(), opened.settings.now().history);
    let state = AppState {
        engine: EngineSlot::new(handle),
        hub,
        requests: requests.clone(),
        folders: opened.folders,
        settings: Arc::new(opened.settings),
        log: opened.log,
        history,
        work_ended: Arc::default(),
        decoding: Arc::default(),
        says: Arc::default(),
        measures_free_space: Arc::default(),
        option_changes: Arc::default(),
    };
    app.manage(state.clone());
    calls.open();
    let system = IntegrationThread::start(app.clone(), requests.clone())?;
    let platform = TauriPlatform::new(app.clone(), system, outlives);
    let platform = Arc::new(platform);
    platform::on_notification_action(app, requests.clone())?;
    let messages = Messages::for_settings(&state.settings.now(), &platform.languages());
    if let Some(found) = found {
        tracing::warn!("at the start: {found:?}");
        platform.notify(&app::store_recovered(&found, &messages));
    }
    if let Some(unreadable) = opened.unreadable {
        tracing::warn!("at the start: {unreadable:?}");
        platform.notify(&app::settings_reset(&unreadable, &messages));
    }
    os::start_background(app, &state, &opened.home, platform.languages())?;
    tracing::info!("started {}", app.package_info().version);
    let mut loop_ = App::new(platform, state);
    if is_hidden(&opened.arguments) {
        loop_ = loop_.start_hidden();
    }
    spawn(loop_.run(second, inbox));
    let given = links(opened.arguments);
    if !given.is_empty() {
        requests.send(Request::Links(given))?;
    }
    spawn(os::end_on_signal(app.clone()));
    Ok(())
}

/// A running engine, with one subscription each for the hub and the app.
struct StartedEngine {
    handle: Handle,
    running: JoinHandle<()>,
    found: Option<StartNotice>,
    updates: [Subscription; 2],
}

/// Starts the engine, which loads the list; takes longer for a long list.
fn engine(
    app: &AppHandle<Wry>,
    mut config: Config,
) -> Result<StartedEngine, Box<dyn std::error::Error + Send + Sync>> {
    config.device_status = os::device_status(app);
    let (handle, running, found) = Engine::start(config)?;
    let running = spawn(running);
    let subscribe =
        async { Ok::<_, CommandError>([handle.subscribe().await?, handle.subscribe().await?]) };
    let updates = block_on(subscribe)?;
    Ok(StartedEngine {
        handle,
        running,
        found,
        updates,
    })
}

/// The engine's configuration from the settings.
fn config(home: &AppPaths, settings: &Settings, files: Arc<dyn FileSystem>) -> Config {
    Config {
        parallel: settings.parallel,
        per_host: settings.per_host,
        connections: settings.connections,
        limit: settings.effective_limit(),
        proxy: settings.proxy_choice(),
        constraints: settings.network.into(),
        quarantine: settings.mark_downloads,
        ..Config::new(home.list_db(), files)
    }
}

/// Writes panics to the log too, where the user finds them.
fn log_panics(log: AppLog) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tracing::error!("panic: {panic}");
        log.flush();
        before(panic);
    }));
}

/// Saves the bounds for the next window.
fn save_bounds(app: &AppHandle<Wry>) {
    let stored = app.try_state::<SavedBounds>().map(|kept| kept.store());
    if let Some(Err(error)) = stored {
        tracing::warn!("the window's bounds are not stored: {error}");
    }
}

/// Stops the engine, and waits until everything is flushed.
fn stop(app: &AppHandle<Wry>) {
    save_bounds(app);
    let Some(state) = app.try_state::<AppState>() else {
        return;
    };
    state.engine.close();
    let running = app.state::<EngineTask>();
    let running = running.0.lock().take();
    if let Some(running) = running {
        let flushed = block_on(async { tokio::time::timeout(FLUSH_TIMEOUT, running).await });
        match flushed {
            Ok(Ok(())) => tracing::info!("stopped"),
            Ok(Err(error)) => tracing::error!("stopped after the engine had failed: {error}"),
            Err(_) => tracing::error!("stopped before the engine had flushed"),
        }
        state.history.flush();
        state.log.flush();
    }
}

/// Shows why the app cannot start (another instance uses the list, or it cannot be read), and exits.
fn show_fatal_error(app: &AppHandle<Wry>, why: &str) {
    print_error(&format!("millrace-app: {why}"));
    if let Some(window) = app.get_webview_window(window::LABEL) {
        // its page has nothing to show
        let _ = window.hide();
    }
    let dialog = app.dialog().message(why);
    let dialog = dialog.title("Millrace cannot start");
    let app = app.clone();
    dialog
        .kind(MessageDialogKind::Error)
        .show(move |_| app.exit(1));
}

/// Whether the app was started automatically: without a window, only the tray.
fn is_hidden(arguments: &[String]) -> bool {
    arguments.iter().any(|argument| argument == HIDDEN)
}

/// All arguments that are not options.
fn links(arguments: impl IntoIterator<Item = String>) -> Vec<String> {
    let arguments = arguments.into_iter().skip(1);
    arguments
        .filter(|argument| !argument.starts_with('-'))
        .collect()
}

/// For a start in a terminal; has no effect on a desktop.
fn print_error(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
