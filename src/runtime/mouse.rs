//! What the terminal tells of the mouse, as deeds with what stands under them.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use crate::app::App;
use crate::app::mouse::{Deed, Pointer};
use crate::ui;

/// The deed, if the program knows such a one.
pub(super) fn pointer(app: &App, event: MouseEvent) -> Option<Pointer> {
    let deed = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Deed::Press,
        MouseEventKind::Drag(MouseButton::Left) => Deed::Drag,
        MouseEventKind::Up(MouseButton::Left) => Deed::Release,
        MouseEventKind::ScrollUp => Deed::WheelUp,
        MouseEventKind::ScrollDown => Deed::WheelDown,
        _ => return None,
    };
    // A terminal that goes on sending after it was told to stop moves nothing.
    if !app.arrangement.mouse {
        return None;
    }
    let is_sought = !matches!(deed, Deed::Drag | Deed::Release);
    let target = is_sought.then(|| ui::target_at(app, event.column, event.row));
    Some(Pointer {
        deed,
        column: event.column,
        target: target.flatten(),
    })
}
