//! Keys, pastes and sizes, read on a thread of its own.
//!
//! The thread sleeps until the terminal, a change of its size or a wish of the run loop wakes it; there is no tick. It
//! waits by itself and lets crossterm read only what is there, because crossterm's own wait never ends when the terminal
//! vanishes, and because a thread that waits inside crossterm cannot make way for an editor.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event, KeyEvent, KeyEventKind, MouseEvent};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::tcgetwinsize;
use signal_hook::consts::SIGWINCH;

use super::{panics, terminal};

/// How long [`Reader::pause`] waits for the reader to stand still.
const PAUSE_LIMIT: Duration = Duration::from_millis(500);

/// How long crossterm may look for more of what is there. It looks without sleeping, so this is CPU time of every key.
const SLICE: Duration = Duration::from_micros(60);

/// Times after a key at which crossterm's own queue is looked into again: on a busy machine its time can be up before
/// it has looked there at all, and what waits in that queue wakes no one.
const LOOK_AGAIN: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(100)];

/// After so many wake-ups without anything to read the terminal is taken to be broken rather than slow.
const EMPTY_LIMIT: u32 = 200;

/// What came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed, or repeats.
    Key(KeyEvent),
    /// Text was pasted; line ends are `\n`. It is as the terminal sent it: not scrubbed.
    Paste(String),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// The terminal's window has the focus, or lost it.
    Focus(bool),
    /// The terminal has another size now, in cells.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The terminal is gone. Nothing follows.
    Closed,
    /// Keys cannot be read any more, for the reason given. Nothing follows.
    Failed(String),
}

/// The reading thread, as the run loop holds it. Dropping it ends the thread.
#[derive(Debug)]
pub struct Reader {
    shared: Arc<Shared>,
    wake: UnixStream,
}

#[derive(Debug, Default)]
struct Shared {
    wish: Mutex<Wish>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Wish {
    pause: bool,
    stop: bool,
    parked: bool,
    ended: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Wish> {
        self.wish.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Wish)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }
}

impl Reader {
    /// Makes the reader stand still, so that another program can read the terminal; what was read and not yet handed
    /// on is kept. Returns whether it stands still (it does not while half an escape sequence keeps it waiting).
    pub fn pause(&self) -> bool {
        self.shared.change(|wish| wish.pause = true);
        self.wake();
        let (wish, _) = self
            .shared
            .changed
            .wait_timeout_while(self.shared.lock(), PAUSE_LIMIT, |wish| {
                !wish.parked && !wish.ended
            })
            .unwrap_or_else(PoisonError::into_inner);
        wish.parked || wish.ended
    }

    /// Lets the reader go on.
    pub fn resume(&self) {
        self.shared.change(|wish| wish.pause = false);
    }

    fn wake(&self) {
        // A full pipe means that a wake-up is under way already.
        let _ = (&self.wake).write(&[0]);
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.shared.change(|wish| wish.stop = true);
        self.wake();
    }
}

/// Starts reading the terminal: standard input where that is one, else the controlling terminal.
///
/// # Errors
/// When there is no terminal, or the system refuses the thread or the signal handler.
pub fn spawn(callback: impl FnMut(Input) + Send + 'static) -> io::Result<Reader> {
    let stdin = io::stdin();
    let tty = if stdin.is_terminal() {
        File::from(stdin.as_fd().try_clone_to_owned()?)
    } else {
        terminal::open_controlling_terminal()?
    };
    let (woken, wake) = UnixStream::pair()?;
    let resized = wake.try_clone()?;
    for end in [&woken, &wake, &resized] {
        end.set_nonblocking(true)?;
    }
    signal_hook::low_level::pipe::register(SIGWINCH, resized)?;
    let shared = Arc::new(Shared::default());
    let reader = Reader {
        shared: Arc::clone(&shared),
        wake,
    };
    let source = Source {
        size: size_of(&tty),
        tty,
        woken,
        shared,
        callback,
    };
    thread::Builder::new()
        .name("input".to_owned())
        .spawn(move || source.run())?;
    Ok(reader)
}

struct Source<F> {
    tty: File,
    woken: UnixStream,
    shared: Arc<Shared>,
    size: Option<(u16, u16)>,
    callback: F,
}

/// Why reading ended.
enum End {
    Stop,
    Closed,
    Failed(String),
}

impl<F: FnMut(Input)> Source<F> {
    fn run(mut self) {
        let end = panics::catching(|| self.read_until_the_end()).unwrap_or_else(End::Failed);
        match end {
            End::Stop => {}
            End::Closed => (self.callback)(Input::Closed),
            End::Failed(reason) => (self.callback)(Input::Failed(reason)),
        }
        self.shared.change(|wish| wish.ended = true);
    }

    fn read_until_the_end(&mut self) -> End {
        let mut empty = 0;
        let mut look_again = LOOK_AGAIN.iter();
        loop {
            if !self.park_if_asked() {
                return End::Stop;
            }
            let mut waits = [
                PollFd::new(&self.tty, PollFlags::IN),
                PollFd::new(&self.woken, PollFlags::IN),
            ];
            let limit = look_again
                .next()
                .and_then(|limit| Timespec::try_from(*limit).ok());
            match poll(&mut waits, limit.as_ref()) {
                Ok(0) => {
                    match self.read_what_is_there() {
                        Ok(0) => {}
                        Ok(_) => look_again = LOOK_AGAIN.iter(),
                        Err(error) => return End::Failed(error.to_string()),
                    }
                    continue;
                }
                Ok(_) => {}
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return End::Failed(error.to_string()),
            }
            let [keys, wakes] = waits.map(|wait| wait.revents());
            if keys.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
                return End::Closed;
            }
            if wakes.contains(PollFlags::IN) {
                self.drain_wakes();
            }
            self.report_size();
            if keys.contains(PollFlags::IN) {
                look_again = LOOK_AGAIN.iter();
                match self.read_what_is_there() {
                    Ok(0) => empty += 1,
                    Ok(_) => empty = 0,
                    Err(error) => return End::Failed(error.to_string()),
                }
                if empty >= EMPTY_LIMIT {
                    return End::Failed("the terminal has nothing to read".to_owned());
                }
            }
        }
    }

    /// Stands still while asked to; returns `false` when the thread is to end.
    fn park_if_asked(&mut self) -> bool {
        let mut wish = self.shared.lock();
        if !wish.pause || wish.stop {
            return !wish.stop;
        }
        wish.parked = true;
        self.shared.changed.notify_all();
        let mut wish = self
            .shared
            .changed
            .wait_while(wish, |wish| wish.pause && !wish.stop)
            .unwrap_or_else(PoisonError::into_inner);
        wish.parked = false;
        let stop = wish.stop;
        drop(wish);
        if !stop {
            self.report_size();
            // Keys that had been read before the pause are still in crossterm's queue, where no wait sees them.
            let _ = self.read_what_is_there();
        }
        !stop
    }

    fn drain_wakes(&mut self) {
        let mut bytes = [0; 256];
        while matches!(self.woken.read(&mut bytes), Ok(count) if count > 0) {}
    }

    /// However many signals a resize by hand sends, the size is looked up when they are handled, and told when it is new.
    fn report_size(&mut self) {
        let size = size_of(&self.tty);
        if let Some((width, height)) = size
            && size != self.size
        {
            self.size = size;
            (self.callback)(Input::Resize { width, height });
        }
    }

    /// Hands on what the terminal has sent; returns how many events that were.
    fn read_what_is_there(&mut self) -> io::Result<usize> {
        let mut count = 0;
        while event::poll(SLICE)? {
            let event = event::read()?;
            count += 1;
            match event {
                Event::Key(key) if key.kind != KeyEventKind::Release => {
                    (self.callback)(Input::Key(key));
                }
                Event::Key(_) => {}
                Event::Paste(text) => {
                    let text = text.replace("\r\n", "\n").replace('\r', "\n");
                    (self.callback)(Input::Paste(text));
                }
                Event::Mouse(mouse) => (self.callback)(Input::Mouse(mouse)),
                Event::FocusGained => (self.callback)(Input::Focus(true)),
                Event::FocusLost => (self.callback)(Input::Focus(false)),
                Event::Resize(..) => self.report_size(),
            }
            let wish = self.shared.lock();
            if wish.pause || wish.stop {
                break;
            }
        }
        Ok(count)
    }
}

fn size_of(tty: &File) -> Option<(u16, u16)> {
    tcgetwinsize(tty)
        .ok()
        .map(|size| (size.ws_col, size.ws_row))
}
