//! A picture made of every part, as a mechanism's view would make it: Go's two-map `sync.Map` with goroutines and a mutex.

use glassbox::diagram::parts::{
    Card, Lane, Line, capsule, card, cell, column, enlarged, entry, field, flow, head, lane, lines, linked, middle,
    picture, pipe, pointer, queue, row, shelf, side, slot, strip, table, token, trail, well, words,
};
use glassbox::diagram::{Diagram, Size, Tone};
use glassbox::text::Text;

/// What the picture shows.
pub struct Moment {
    pub goroutines: Vec<Goroutine>,
    /// Who holds the mutex.
    pub holder: Option<usize>,
    /// Who waits for it.
    pub waiters: Vec<usize>,
    /// In the order of the picture.
    pub entries: Vec<Shared>,
    pub amended: bool,
    /// Whether there is a dirty map.
    pub dirty: bool,
    pub misses: (usize, usize),
    /// Which allocation of a map is the read one; the dirty one is the next.
    pub read: usize,
    /// Room for so many entries.
    pub room: usize,
}

pub struct Goroutine {
    pub id: usize,
    pub statement: String,
    pub function: String,
    pub locals: Vec<(&'static str, String)>,
    pub status: (Text, Tone),
    pub runs: bool,
}

pub struct Shared {
    pub id: usize,
    pub key: String,
    pub value: String,
    pub was: Option<String>,
    pub in_read: bool,
    pub in_dirty: bool,
    pub tone: Tone,
    /// Goroutines that have it in hand.
    pub held: Vec<usize>,
}

pub fn draw(moment: &Moment, size: Size) -> Diagram {
    let maps = column().with(lock(moment)).filling(1.0, tables(moment)).gap(1.6);
    let cards = column().each_filling(moment.goroutines.iter().map(|g| goroutine(moment, g))).even();
    picture(&row().filling(0.6, cards).filling(1.0, maps).gap(2.4), size.area(), size)
}

fn lock(moment: &Moment) -> Line {
    let holder = moment.holder.map(|g| format!("G{g}"));
    let tone = if holder.is_some() { Tone::Active } else { Tone::Plain };
    let mu = field("mu", "mu", holder.unwrap_or_else(|| "–".into())).widest("G1").tone(tone).path("mu.holder");
    let waiters = moment.waiters.iter().enumerate().map(|(i, g)| {
        token(format!("goroutine/{g}/token"), format!("G{g}")).tone(Tone::Moved).path(format!("mu.waiters[{i}]"))
    });
    let waiters = queue("mu/waiters", Text::new("waiters", "等锁")).slots(2).tokens(waiters).path("mu.waiters");
    let (misses, was) = moment.misses;
    let live = moment.entries.iter().filter(|e| e.in_dirty).count();
    let changed = if misses != was { Tone::Active } else { Tone::Plain };
    let misses = field("misses", "misses", misses.to_string()).was(was.to_string()).widest("0 → 0").tone(changed);
    let limit = field("dirty/len", "len(dirty)", live.to_string());
    row().with(mu).with(waiters).with(misses.path("misses")).only(Size::Window, limit)
}

fn tables(moment: &Moment) -> glassbox::diagram::parts::Linked {
    let (read, dirty) = (moment.read, moment.read + 1);
    let left = head(format!("map/{read}"), "read").note(format!("amended {}", moment.amended)).path("read");
    let right = head(format!("map/{dirty}"), "dirty").path("dirty");
    let right = if moment.dirty { right } else { right.absent("nil") };
    let shared = |entry: &Shared| -> Lane {
        let id = entry.id;
        let made = lane(format!("entry/{id}"), entry.value.clone()).tone(entry.tone).path(format!("entries.{id}"));
        let made = entry.was.iter().fold(made, |made, was| made.was(was.clone()));
        let made = made.ghost(entry.value == "expunged");
        let made = entry
            .held
            .iter()
            .fold(made, |made, g| made.tag(token(format!("goroutine/{g}/hand"), format!("G{g}.e")).tone(Tone::Info)));
        let row = |map: usize| slot(format!("map/{map}/{}", entry.key), entry.key.clone()).tone(entry.tone);
        made.left(entry.in_read.then(|| row(read))).right(entry.in_dirty.then(|| row(dirty)))
    };
    linked("entries", left, right).widest("nil → expunged").room(moment.room).lanes(moment.entries.iter().map(shared))
}

fn goroutine(moment: &Moment, g: &Goroutine) -> Card {
    let id = g.id;
    let key = |part: &str| format!("goroutine/{id}/{part}");
    let waits = moment.waiters.contains(&id);
    let program = lines(key("code")).line(0, g.statement.clone()).line(1, g.function.clone()).at(Some(1));
    let program = if g.runs { program } else { program.quiet() };
    let locals = g.locals.iter().map(|(name, value)| field(key(name), *name, value.clone()).inset());
    let card = card(format!("goroutine/{id}"), "").home(format!("G{id}"), g.status.1, waits);
    let card = card.status(g.status.0.clone(), g.status.1).look(g.runs, waits);
    card.path(format!("goroutines.{id}")).with(program).spare(flow().each(locals))
}

/// The second goroutine has just expunged an entry, the third waits for the mutex.
pub fn expunging() -> Moment {
    let shared = |id: usize, value: &str, in_read: bool, in_dirty: bool| Shared {
        id,
        key: format!("k{id}"),
        value: value.into(),
        was: None,
        in_read,
        in_dirty,
        tone: Tone::Plain,
        held: vec![],
    };
    let gone =
        Shared { was: Some("nil".into()), tone: Tone::Active, held: vec![2], ..shared(3, "expunged", true, false) };
    Moment {
        goroutines: vec![
            Goroutine {
                id: 1,
                statement: r#"m.Load("k1")"#.into(),
                function: "return *e.p".into(),
                locals: vec![("e", "entry 1".into()), ("ok", "true".into())],
                status: (Text::new("runnable", "可运行"), Tone::Info),
                runs: false,
            },
            Goroutine {
                id: 2,
                statement: r#"m.Store("k5", "f")"#.into(),
                function: "dirtyLocked: CAS(nil → expunged)".into(),
                locals: vec![("e", "entry 3".into()), ("ok", "false".into()), ("p", "nil".into())],
                status: (Text::new("running", "运行中"), Tone::Good),
                runs: true,
            },
            Goroutine {
                id: 3,
                statement: r#"m.LoadOrStore("k6", "g")"#.into(),
                function: "mu.Lock()".into(),
                locals: vec![],
                status: (Text::new("waits for mu", "等 mu"), Tone::Moved),
                runs: false,
            },
        ],
        holder: Some(2),
        waiters: vec![3],
        entries: vec![
            Shared { held: vec![1], ..shared(1, "a", true, true) },
            shared(2, "b", true, true),
            gone,
            shared(4, "nil", true, false),
        ],
        amended: false,
        dirty: true,
        misses: (1, 0),
        read: 4,
        room: 8,
    }
}

/// The other parts, some with more than they have room for: queues full and empty, tables growing, cut, absent.
pub fn sheet(size: Size) -> Diagram {
    let tokens = |from: usize, to: usize, tone: Tone| {
        (from..to).map(move |i| token(format!("goroutine/{i}"), format!("G{i}")).tone(tone))
    };
    let runq = queue("runq", Text::new("run queue", "运行队列")).tokens(tokens(1, 40, Tone::Info));
    let next = queue("runnext", "runnext").tone(Tone::Good);
    let buffer = queue("buf", "buf")
        .slots(6)
        .bounded()
        .tokens((0..3).map(|i| token(format!("value/{i}"), format!("{}", 17 * (i + 1))).tone(Tone::Moved).square()));
    let old = table("buckets/1", "oldbuckets").note("2 = 2^(B-1)").columns(["bucket", "keys"]).room(4).rows(
        (0..2).map(|i| {
            let keys = cell(if i == 1 { "0" } else { "6" });
            let keys = if i == 1 { keys.was("7").tone(Tone::Moved) } else { keys };
            entry(format!("bucket/1.{i}"), [cell(i.to_string()).quiet(), keys])
        }),
    );
    let new = table("buckets/2", "buckets").note("64 = 2^B").columns(["bucket", "keys"]).rows((0..64).map(|i| {
        let keys = if i == 41 { cell("7").was("6").tone(Tone::Good) } else { cell((i % 5).to_string()) };
        entry(format!("bucket/2.{i}"), [cell(i.to_string()).quiet(), keys])
    }));
    let none = table("overflow", "overflow").absent("nil").room(3);
    let program = lines("code").line(0, "for _, key := range keys {").line(1, "if key.expired {");
    let program = program.line(2, "delete(m, key)").line(1, "}").line(0, "}").at(Some(2));
    let sweeper = card("sweeper", Text::new("sweeper", "清扫者")).token(token("goroutine/50", "G50").tone(Tone::Good));
    let sweeper = sweeper.status("running", Tone::Good).filling(program).active();
    let title = words("title", Text::new("What is there", "有什么")).title().note(Text::new("and where", "在哪里"));
    let tables = row().filling(1.0, old).filling(1.4, new).filling(1.0, none).filling(1.6, sweeper).gap(3.0);
    let figures = ["count 13", "B 2", "flags 0", "noverflow 0", "nevacuate 1"].map(|figure| {
        let (name, value) = figure.split_once(' ').unwrap_or((figure, ""));
        let tone = if name == "nevacuate" { Tone::Active } else { Tone::Plain };
        field(format!("h/{name}"), name, value).tone(tone)
    });
    let queues = row().with(next).with(buffer).filling(1.0, runq).gap(2.0);
    let above = row().with(title).each(figures);
    let mut sheet = picture(&column().with(above).with(queues).filling(1.0, tables).gap(2.0), size.area(), size);
    pointer(&mut sheet, "moves", "bucket/1.1", "bucket/2.41", Tone::Moved);
    sheet
}

/// A channel with a full ring and a waiting sender, and one without a ring; below a receiver that has taken a value.
pub fn pipes(size: Size) -> Diagram {
    let value = |n: usize| token(format!("value/{n}"), n.to_string()).square().tone(Tone::Info);
    let waiter = |g: usize, n: usize| {
        let made = token(format!("sudog/{g}"), format!("G{g}")).tone(Tone::Moved);
        capsule(made).carrying(value(n))
    };
    let slots = (0..3).map(|i| match i {
        0 => well("slot/0").content(token("copied", "4").square().absent()).tone(Tone::Moved),
        _ => well(format!("slot/{i}")).content(value(i + 4)),
    });
    let ring = middle("ring/c", "").slots(slots);
    let ring = ring.head("sendx", "sendx", 0, Tone::Plain, "sendx").head("recvx", "recvx", 1, Tone::Active, "recvx");
    let sendq = side("sendq/c", "sendq").waiters([waiter(2, 7), waiter(3, 8)]).tone(Tone::Active);
    let buffered = card("c", "c").note("make(chan int, 3)").badge(token("lock", "lock G1").tone(Tone::Active)).active();
    let buffered = buffered.status("qcount 3/3", Tone::Plain).filling(pipe(sendq, ring, side("recvq/c", "recvq")));
    let hole = token("hole", "").square().absent();
    let stale = capsule(token("sudog/4", "G4").tone(Tone::Bad)).carrying(hole).note("stale", Tone::Bad).ghost(true);
    let meeting = middle("ring/u", Text::new("unbuffered", "无缓冲"));
    let between = pipe(side("sendq/u", "sendq").room(2), meeting, side("recvq/u", "recvq").waiters([stale]));
    let unbuffered = card("u", "u").badge(token("closed", "closed").tone(Tone::Bad)).filling(between);
    let program = lines("code").margin([token("", "poll").bare(), token("", "lock").bare()]);
    let program = program.line(0, "select {").tag(token("poll", "poll").bare()).tag(token("locks", "lock").bare());
    let program = program.line(0, "case v := <-c:").here().tag(token("1", "1").square().tone(Tone::Good).strong());
    let program =
        program.tag(token("2", "2").square()).line(0, "case v := <-u:").tag(token("3", "2").square().absent());
    let hands =
        strip(1.0).left(words("next", "next: recvx++").note("chanrecv")).right(value(4).tone(Tone::Moved).strong());
    let receiver = card("receiver", "receiver").widest("chan receive").status("running", Tone::Good).active();
    let page = column().filling(1.0, receiver.filling(program.room(3)).with(hands)).with(shelf([buffered, unbuffered]));
    let mut sheet = picture(&enlarged(page.gap(2.4), 1.6), size.area(), size);
    trail(&mut sheet, "trail", ["slot/0", "value/4"], ["receiver", "c"], Tone::Moved);
    sheet
}
