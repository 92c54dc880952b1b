//! The icons of the window by name: characters of the bundled icon font, which every family falls back to.

/// Phosphor `play`.
pub const PLAY: &str = "\u{e3d0}";
/// Phosphor `pause`.
pub const PAUSE: &str = "\u{e39e}";
/// Phosphor `skip-back`.
pub const SKIP_BACK: &str = "\u{e5a4}";
/// Phosphor `skip-forward`.
pub const SKIP_FORWARD: &str = "\u{e5a6}";
/// Phosphor `rewind`.
pub const REWIND: &str = "\u{e6a8}";
/// Phosphor `fast-forward`.
pub const FAST_FORWARD: &str = "\u{e6a6}";
/// Phosphor `caret-left`.
pub const CARET_LEFT: &str = "\u{e138}";
/// Phosphor `caret-right`.
pub const CARET_RIGHT: &str = "\u{e13a}";
/// Phosphor `caret-down`.
pub const CARET_DOWN: &str = "\u{e136}";
/// Phosphor `caret-up`.
pub const CARET_UP: &str = "\u{e13c}";
/// Phosphor `arrow-left`.
pub const ARROW_LEFT: &str = "\u{e058}";
/// Phosphor `arrow-right`.
pub const ARROW_RIGHT: &str = "\u{e06c}";
/// Phosphor `repeat`.
pub const REPEAT: &str = "\u{e3f6}";
/// Phosphor `git-branch`.
pub const GIT_BRANCH: &str = "\u{e278}";
/// Phosphor `git-fork`.
pub const GIT_FORK: &str = "\u{e27e}";
/// Phosphor `moon`.
pub const MOON: &str = "\u{e330}";
/// Phosphor `sun`.
pub const SUN: &str = "\u{e472}";
/// Phosphor `sun-dim`.
pub const SUN_DIM: &str = "\u{e474}";
/// Phosphor `translate`.
pub const TRANSLATE: &str = "\u{e4a2}";
/// Phosphor `export`.
pub const EXPORT: &str = "\u{eaf0}";
/// Phosphor `presentation`.
pub const PRESENTATION: &str = "\u{e654}";
/// Phosphor `magnifying-glass`.
pub const MAGNIFYING_GLASS: &str = "\u{e30c}";
/// Phosphor `x`.
pub const X: &str = "\u{e4f6}";
/// Phosphor `gear`.
pub const GEAR: &str = "\u{e270}";
/// Phosphor `question`.
pub const QUESTION: &str = "\u{e3e8}";
/// Phosphor `list`.
pub const LIST: &str = "\u{e2f0}";
/// Phosphor `check`.
pub const CHECK: &str = "\u{e182}";
/// Phosphor `check-circle`.
pub const CHECK_CIRCLE: &str = "\u{e184}";
/// Phosphor `warning`.
pub const WARNING: &str = "\u{e4e0}";
/// Phosphor `warning-circle`.
pub const WARNING_CIRCLE: &str = "\u{e4e2}";
/// Phosphor `house`.
pub const HOUSE: &str = "\u{e2c2}";
/// Phosphor `eye`.
pub const EYE: &str = "\u{e220}";
/// Phosphor `flag`.
pub const FLAG: &str = "\u{e244}";
/// Phosphor `pencil-simple`.
pub const PENCIL_SIMPLE: &str = "\u{e3b4}";
/// Phosphor `trash`.
pub const TRASH: &str = "\u{e4a6}";
/// Phosphor `floppy-disk`.
pub const FLOPPY_DISK: &str = "\u{e248}";
/// Phosphor `chart-line`.
pub const CHART_LINE: &str = "\u{e154}";
/// Phosphor `code`.
pub const CODE: &str = "\u{e1bc}";
/// Phosphor `tree-structure`.
pub const TREE_STRUCTURE: &str = "\u{e67c}";
/// Phosphor `scales`.
pub const SCALES: &str = "\u{e750}";
/// Phosphor `quotes`.
pub const QUOTES: &str = "\u{e660}";
/// Phosphor `plus`.
pub const PLUS: &str = "\u{e3d4}";
/// Phosphor `minus`.
pub const MINUS: &str = "\u{e32a}";
/// Phosphor `arrows-out`.
pub const ARROWS_OUT: &str = "\u{e0a2}";
/// Phosphor `arrows-in`.
pub const ARROWS_IN: &str = "\u{e09a}";
/// Phosphor `corners-out`.
pub const CORNERS_OUT: &str = "\u{e1d0}";
/// Phosphor `frame-corners`.
pub const FRAME_CORNERS: &str = "\u{e626}";
/// Phosphor `lightning`.
pub const LIGHTNING: &str = "\u{e2de}";
/// Phosphor `hand-pointing`.
pub const HAND_POINTING: &str = "\u{e29a}";
/// Phosphor `stop-circle`.
pub const STOP_CIRCLE: &str = "\u{e46e}";
/// Phosphor `speedometer`.
pub const SPEEDOMETER: &str = "\u{ee74}";
/// Phosphor `clock`.
pub const CLOCK: &str = "\u{e19a}";
/// Phosphor `gauge`.
pub const GAUGE: &str = "\u{e628}";
/// Phosphor `funnel`.
pub const FUNNEL: &str = "\u{e266}";
/// Phosphor `path`.
pub const PATH: &str = "\u{e39c}";
/// Phosphor `lightbulb`.
pub const LIGHTBULB: &str = "\u{e2dc}";
/// Phosphor `squares-four`.
pub const SQUARES_FOUR: &str = "\u{e464}";
/// Phosphor `x-circle`.
pub const X_CIRCLE: &str = "\u{e4f8}";
/// Phosphor `seal-check`.
pub const SEAL_CHECK: &str = "\u{e606}";
/// Phosphor `seal-question`.
pub const SEAL_QUESTION: &str = "\u{e608}";
/// Phosphor `seal-warning`.
pub const SEAL_WARNING: &str = "\u{e60c}";
/// Phosphor `bug`.
pub const BUG: &str = "\u{e5f4}";
/// Phosphor `keyboard`.
pub const KEYBOARD: &str = "\u{e2d8}";
/// Phosphor `arrow-counter-clockwise`.
pub const ARROW_COUNTER_CLOCKWISE: &str = "\u{e038}";
/// Phosphor `dots-three`.
pub const DOTS_THREE: &str = "\u{e1fe}";
/// Phosphor `sidebar-simple`.
pub const SIDEBAR_SIMPLE: &str = "\u{ec24}";
/// Phosphor `circle`.
pub const CIRCLE: &str = "\u{e18a}";
/// Phosphor `circle-half`.
pub const CIRCLE_HALF: &str = "\u{e18c}";
/// Phosphor `arrows-left-right`.
pub const ARROWS_LEFT_RIGHT: &str = "\u{e0a0}";
/// Phosphor `columns`.
pub const COLUMNS: &str = "\u{e546}";

/// Every icon with its Phosphor name, for tests and overviews.
pub const ALL: &[(&str, &str)] = &[
    ("play", PLAY),
    ("pause", PAUSE),
    ("skip-back", SKIP_BACK),
    ("skip-forward", SKIP_FORWARD),
    ("rewind", REWIND),
    ("fast-forward", FAST_FORWARD),
    ("caret-left", CARET_LEFT),
    ("caret-right", CARET_RIGHT),
    ("caret-down", CARET_DOWN),
    ("caret-up", CARET_UP),
    ("arrow-left", ARROW_LEFT),
    ("arrow-right", ARROW_RIGHT),
    ("repeat", REPEAT),
    ("git-branch", GIT_BRANCH),
    ("git-fork", GIT_FORK),
    ("moon", MOON),
    ("sun", SUN),
    ("sun-dim", SUN_DIM),
    ("translate", TRANSLATE),
    ("export", EXPORT),
    ("presentation", PRESENTATION),
    ("magnifying-glass", MAGNIFYING_GLASS),
    ("x", X),
    ("gear", GEAR),
    ("question", QUESTION),
    ("list", LIST),
    ("check", CHECK),
    ("check-circle", CHECK_CIRCLE),
    ("warning", WARNING),
    ("warning-circle", WARNING_CIRCLE),
    ("house", HOUSE),
    ("eye", EYE),
    ("flag", FLAG),
    ("pencil-simple", PENCIL_SIMPLE),
    ("trash", TRASH),
    ("floppy-disk", FLOPPY_DISK),
    ("chart-line", CHART_LINE),
    ("code", CODE),
    ("tree-structure", TREE_STRUCTURE),
    ("scales", SCALES),
    ("quotes", QUOTES),
    ("plus", PLUS),
    ("minus", MINUS),
    ("arrows-out", ARROWS_OUT),
    ("arrows-in", ARROWS_IN),
    ("corners-out", CORNERS_OUT),
    ("frame-corners", FRAME_CORNERS),
    ("lightning", LIGHTNING),
    ("hand-pointing", HAND_POINTING),
    ("stop-circle", STOP_CIRCLE),
    ("speedometer", SPEEDOMETER),
    ("clock", CLOCK),
    ("gauge", GAUGE),
    ("funnel", FUNNEL),
    ("path", PATH),
    ("lightbulb", LIGHTBULB),
    ("squares-four", SQUARES_FOUR),
    ("x-circle", X_CIRCLE),
    ("seal-check", SEAL_CHECK),
    ("seal-question", SEAL_QUESTION),
    ("seal-warning", SEAL_WARNING),
    ("bug", BUG),
    ("keyboard", KEYBOARD),
    ("arrow-counter-clockwise", ARROW_COUNTER_CLOCKWISE),
    ("dots-three", DOTS_THREE),
    ("sidebar-simple", SIDEBAR_SIMPLE),
    ("circle", CIRCLE),
    ("circle-half", CIRCLE_HALF),
    ("arrows-left-right", ARROWS_LEFT_RIGHT),
    ("columns", COLUMNS),
];
