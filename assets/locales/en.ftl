# The window's words in English. The Chinese file has the same keys.

# Kinds of step
kind-look = looks
kind-write = writes
kind-turn = turning point
kind-move = moves
kind-done = done
kind-fault = fault

# Library page
library-title = Library
library-line = { $n ->
    [one] one scene, played by a real machine
   *[other] { $n } scenes, each played by a real machine
}
search-scenes = Search scenes, captions, claims
searching = Reading the scenes…
nothing-found = Nothing found. Try another word, in Chinese or English.
not-seen = not watched yet
replayed = matches the real runtime
replayed-hint = Recordings of the real thing were replayed through this machine, step by step, without a difference.

# Top bar
to-library = Back to the library
models = models { $what }
other-language = 切换到中文
to-light = Light theme
to-dark = Dark theme
settings = Settings
keys = Keys
present = Present
show-panels = Show the panels
hide-panels = Hide the panels
language = Language
theme = Theme
dark = Dark
light = Light
scale = Size of the window's parts
smaller = Smaller
larger = Larger
reduced-motion = Reduced motion
stage-size = Large picture
stage-size-hint = Fewer and larger things, as when presenting  ·  V

# Stage and timeline
stage = Stage
timeline = Timeline
before-first = Before the first step
fork-mark = “{ $name }” leaves here, at step { $at }

# Transport
to-start = To the start
previous-stop = Previous stop
step-back = Step back
play = Play
pause = Pause
space-key = Space
step-forward = Step forward
next-stop = Next stop
grain-stop = stops
grain-action = actions
grain-step = steps
grain-stop-hint = Play rests at stops, PageDown goes to the next one (S)
grain-action-hint = Play rests where actions end, PageDown goes to the next end (S)
grain-step-hint = Play rests at each step, PageDown takes one (S)
stops-passed = Stop { $n } of { $all }
to-end = To the end
rewind = Rewind
speed-is = Speed { $speed }
speed-hint = Speed: + faster, - slower
loop = Loop this action
until = Until…
until-hint = Play on until the next event of this kind
until-filter = Name of an event
position = Position
position-hint = Type a step and press Enter
find-events = Find events
find-hint = Event names, actions and captions; Enter goes to the next hit
no-hits = no hits
next-hit = Next hit
previous-hit = Previous hit

# What if
what-if = What if… fork here
what-if-short = What if…
what-if-at = What if, at step { $at }…
what-if-leaves = A new branch leaves the run here; the run itself stays as it is.
what-if-goes-on = The branch goes on from its end.
type-action = An action of your own
take = Take it
choices = What may happen next
go-on = Let it run on
go-on-hint = All who can run take turns, until nobody can
ran-on-ended = { $turns ->
    [one] One turn, to step { $step }: nobody can run any more, and nothing has gone wrong.
   *[other] { $turns } turns, to step { $step }: nobody can run any more, and nothing has gone wrong.
}
ran-on-stuck = { $turns ->
    [one] One turn, to step { $step }: nobody can run any more. It came to this:
   *[other] { $turns } turns, to step { $step }: nobody can run any more. It came to this:
}
ran-on-turns = { $turns } turns, as many as are taken at once, to step { $step }. It can still go on: let it.
ran-on-limit = { $turns ->
    [one] One turn, to step { $step }: a limit is reached.
   *[other] { $turns } turns, to step { $step }: a limit is reached.
}
ran-on-broken = Law broken: { $law }
forms = What can be typed here, for example:
no-choices = Nothing may happen here by itself; type an action.
close = Close

# Panels
panel-code = Code
panel-state = State
panel-laws = Laws
panel-curves = Curves
panel-claims = Claims
panel-branches = Branches
no-code = This mechanism has no code listing.
current-line = Current line: { $line }
changed = Changed in this step
nothing-changed = Nothing: this step only looks or decides.
and-more = … and { $n } more
why = Why
broken-scenes = Files that hold no scene:
no-number = `{ $typed }` is no step: a number from 0 to { $steps }.
no-step = There is no step { $at }: a number from 0 to { $steps }.
asked = People ask
no-reasons = This step follows from the action alone.
step-number = Step { $at }
whole-state = Whole state
open-more = Open one level more
close-all = Close all
laws-held = { $held } of { $all } laws hold here.
law-holds = holds
law-broken = broken
law-reached = reached
law-not-yet = not reached yet
no-laws = This mechanism states no laws.
no-curves = This mechanism has no gauges.
curve-of = Curve: { $name }
no-claims = No claims are judged for this mechanism.
left-out = What the model leaves out
claim-true = True
claim-imprecise = Imprecise
claim-not-in-source = not in the source
claim-false = False
quoted = “{ $words }”
show-moment = Show the moment
show-in = Show in “{ $scene }”

# Branches
no-branches = No branches yet. Press F at any step and choose what should happen instead.
show-branch = Show { $name }
remove-branch = Remove { $name }
rename-branch = Rename { $name }
branch-name = Name of the branch
leaves-at = leaves “{ $name }” at step { $at }
compare = Compare
compare-left = Left
compare-right = Right
at-ends = at their ends
at-position = at step { $at }
no-differences = The states are the same.
differences = { $n ->
    [one] The states differ in one place.
   *[other] The states differ in { $n } places.
}
not-there = not there

# Messages
damaged-settings = The settings could not be read and were set aside: { $place }
unstaged = { $scene } can't be shown
unsaved-settings = The settings could not be saved in { $place }
saved-settings = The settings are saved again.
partly-read-settings = Some of the settings were not understood: they stand at their defaults, and the file keeps them.
dormant-branches = These branches do not fit the scene as it is now. They are kept, and come back when it fits again: { $names }
dormant = Does not fit the scene as it is now; kept.
not-watched = Saved scenes are not noticed at present.
no-moment = There is no (further) “{ $event }” in this run.
reloaded = The scenes were read again.
dismiss = Dismiss

# Keys
while-presenting = while presenting
key-play = Play or pause
key-forward = Step forward; held: play
key-back = Step back; held: rewind
key-library = To the library
key-next-stop = Next stop
key-previous-stop = Previous stop
key-press-forward = Forward by the chosen grain
key-press-back = Back by the chosen grain
key-grain = Grain: stops, actions, steps
key-next-action = Next action
key-previous-action = Previous action
key-rewind = Rewind, or stop rewinding
key-home = To the start
key-end = To the end
key-faster = Faster
key-slower = Slower
key-loop = Loop this action, or stop looping
key-fork = What if: fork here
key-find = Search
key-find-next = Next hit
key-find-previous = Previous hit
key-panels = Show or hide the panels
key-stage-size = Large picture, or back
key-fit = Fit the picture to the stage
key-present = Present in full screen, and back
key-blank = Blank the stage, and back
key-escape = Back
key-theme = Dark or light
key-language = 中文 or English
key-larger = Everything larger
key-smaller = Everything smaller
key-scale-reset = Everything at its own size
key-help = This table
staging = getting ready …
