//! What a goroutine's call does next, in plain words.

use super::super::{Call, Frame, GoChan, Goroutine, Pc, Status};
use crate::text::Text;

/// What a goroutine's call does next if it runs: one that is parked goes on only to release its locks.
pub fn next(machine: &GoChan, goroutine: &Goroutine, frame: &Frame) -> Option<Text> {
    let goes_on = goroutine.status == Status::Running || goroutine.committing();
    does(machine, frame).filter(|_| goes_on)
}

fn does(machine: &GoChan, frame: &Frame) -> Option<Text> {
    let both = |words: &str| Some(Text::same(words));
    let said = |en: &str, zh: &str| Some(Text::new(en, zh));
    let waiter = frame.sg.map_or(0, |sg| sg.g);
    let queue = if (frame.call == Call::Close) == frame.sending { "sendq" } else { "recvq" };
    let own = if frame.sending { "sendq" } else { "recvq" };
    match frame.pc {
        Pc::Enter | Pc::Done | Pc::NoWaiter => None,
        Pc::NewTimer => said("make a timer", "新建定时器"),
        Pc::Lock => said("lock", "加锁"),
        Pc::CheckClosed => said("is it closed?", "看是否已关闭"),
        Pc::Dequeue => said(&format!("look into {queue}"), &format!("看 {queue}")),
        Pc::SelectDone => both("CAS selectDone"),
        Pc::Waiter | Pc::SendDirect | Pc::RecvDirect | Pc::ZeroWaiter | Pc::List => serve(machine, frame, waiter),
        Pc::TakeHead | Pc::ReadSlot => said("copy buf[recvx]", "拷出 buf[recvx]"),
        Pc::Refill => said(&format!("G{waiter}'s value into the slot"), &format!("G{waiter} 的值填进这个槽")),
        Pc::MoveRecvx => both("recvx++"),
        Pc::FollowSendx => both("sendx = recvx"),
        Pc::WriteSlot => said("write buf[sendx]", "写 buf[sendx]"),
        Pc::MoveSendx => both("sendx++"),
        Pc::RaiseQcount => both("qcount++"),
        Pc::LowerQcount => both("qcount--"),
        Pc::ZeroSlot => said("zero the slot", "清零这个槽"),
        Pc::Prepare => said("fill in a sudog", "填一个 sudog"),
        Pc::Enqueue => said(&format!("join {own}"), &format!("排进 {own}")),
        Pc::Park => said("park", "挂起"),
        Pc::Commit | Pc::Unlock => said("unlock", "解锁"),
        Pc::Asleep if frame.call == Call::Select => said("lock all again", "重新加锁"),
        Pc::Asleep => said("read success", "读 success"),
        Pc::Tell => said(&format!("tell G{waiter}: param, success"), &format!("告知 G{waiter}：param、success")),
        Pc::Ready => said(&format!("make G{waiter} runnable"), &format!("让 G{waiter} 就绪")),
        Pc::ReadyListed => {
            let top = frame.glist.last()?;
            said(&format!("pop G{top}, ready it"), &format!("弹出 G{top}，就绪"))
        }
        Pc::ZeroOut => said("store the zero value", "写入零值"),
        Pc::SetClosed => both("closed = 1"),
        Pc::Return => said("return", "返回"),
        Pc::Panic => both("panic"),
        Pc::Recover => both("recover"),
        _ => select(frame),
    }
}

/// What is done with a waiter that was taken off its queue.
fn serve(machine: &GoChan, frame: &Frame, waiter: u32) -> Option<Text> {
    let said = |en: String, zh: String| Some(Text::new(en, zh));
    match frame.call {
        Call::Close if frame.sending || frame.pc == Pc::List => {
            said(format!("push G{waiter} on glist"), format!("把 G{waiter} 压入 glist"))
        }
        Call::Close => said(format!("zero G{waiter}'s variable"), format!("把 G{waiter} 的变量置零")),
        Call::Select if frame.chosen.is_none() => said("choose this case".into(), "选中这个 case".into()),
        _ if frame.sending => said(format!("copy to G{waiter}"), format!("拷给 G{waiter}")),
        _ if machine.channels()[frame.ch].dataqsiz > 0 => said("copy buf[recvx]".into(), "拷出 buf[recvx]".into()),
        _ => said(format!("copy from G{waiter}"), format!("从 G{waiter} 拷来")),
    }
}

/// The places of `selectgo` alone.
fn select(frame: &Frame) -> Option<Text> {
    let (en, zh) = match frame.pc {
        Pc::Shuffle if frame.next < frame.cases.len() => ("add to pollorder", "加进 pollorder"),
        Pc::Shuffle | Pc::Sort => ("sort lockorder", "排出 lockorder"),
        Pc::Sellock => ("lock in order", "按序加锁"),
        Pc::Relock => ("lock all again", "重新加锁"),
        Pc::Poll if frame.next < frame.pollorder.len() => ("pass 1, poll", "第一趟：轮询"),
        Pc::Poll | Pc::NothingReady => ("nothing is ready", "都未就绪"),
        Pc::Choose => ("choose this case", "选中这个 case"),
        Pc::ResetDone => ("selectDone = 0", "selectDone = 0"),
        Pc::ClearSudogs => ("clear elem and c", "清空 elem、c"),
        Pc::Pass3 => ("pass 3", "第三趟"),
        _ => return None,
    };
    Some(Text::new(en, zh))
}
