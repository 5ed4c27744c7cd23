//! Calls on a thread of Node's pool.

use inbox_rules_json::{CallError, catch_panic};
use napi::bindgen_prelude::{AsyncTask, ToNapiValue, TypeName};
use napi::{Env, Error, Result, Task};

type Call<T> = Box<dyn FnOnce() -> std::result::Result<T, CallError> + Send>;

/// A call that runs on a thread of Node's pool, once.
pub struct CallTask<T>(Option<Call<T>>);

impl<T: Send + ToNapiValue + TypeName + 'static> CallTask<T> {
    pub(crate) fn spawn(
        call: impl FnOnce() -> std::result::Result<T, CallError> + Send + 'static,
    ) -> AsyncTask<Self> {
        AsyncTask::new(Self(Some(Box::new(call))))
    }
}

impl<T: Send + ToNapiValue + TypeName + 'static> Task for CallTask<T> {
    type Output = T;
    type JsValue = T;

    fn compute(&mut self) -> Result<T> {
        let call = self.0.take().ok_or_else(|| Error::from_reason("the call has already been made"))?;
        catch_panic(call).map_err(|error| to_napi_error(&error))
    }

    fn resolve(&mut self, _env: Env, output: T) -> Result<T> {
        Ok(output)
    }
}

/// The error that `index.js` makes an exception of.
pub(crate) fn to_napi_error(error: &CallError) -> Error {
    Error::from_reason(error.to_json())
}
