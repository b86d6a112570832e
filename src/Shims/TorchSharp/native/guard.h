// How a function that C# calls reports a failure: a failure value, and a message for the calling thread.
#pragma once

#include <c10/util/Exception.h>

#include <exception>
#include <string>

#ifdef _WIN32
#define VT_API extern "C" __declspec(dllexport)
#else
#define VT_API extern "C" __attribute__((visibility("default")))
#endif

namespace vae {

inline thread_local std::string last_error;

inline void remember_current_exception() {
    try {
        throw;
    } catch (const c10::Error& e) {
        last_error = e.what_without_backtrace();
    } catch (const std::exception& e) {
        last_error = e.what();
    } catch (...) {
        last_error = "unknown native error";
    }
}

template <class Result, class Body>
Result guarded(Result failure, Body&& body) noexcept {
    try {
        return body();
    } catch (...) {
        remember_current_exception();
        return failure;
    }
}

}  // namespace vae
