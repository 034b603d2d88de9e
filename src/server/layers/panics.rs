//! A panic in a handler fails only its request: the client gets 500, and the log gets the message.

use std::any::Any;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use tower_http::catch_panic::ResponseForPanic;

use super::ProblemResponder;

#[derive(Clone)]
pub(super) struct Panics(pub(super) ProblemResponder);

impl ResponseForPanic for Panics {
    type ResponseBody = Body;

    fn response_for_panic(&mut self, panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        tracing::error!(panic = said, "a handler panicked");
        (self.0)(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "internal error; the server log has the details under this request id",
        )
    }
}
