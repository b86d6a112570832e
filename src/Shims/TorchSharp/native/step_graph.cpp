// What libtorch can do and TorchSharp does not offer, for src/Shims/Acceleration: CUDA graphs of a training step, and
// automatic casts. CUDA's own headers are needed to compile the graphs; CMakeLists.txt looks for them and defines
// VAE_CUDA_GRAPHS where they are there. Without them the entries exist and say that they are not available.

#include "guard.h"

#include <ATen/autocast_mode.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/Stream.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/csrc/api/include/torch/version.h>
#ifdef VAE_CUDA_GRAPHS
#include <ATen/Context.h>
#include <ATen/cuda/CUDAGraph.h>
#endif

#include <cstdint>
#include <map>
#include <mutex>

// Of vae_torch.cpp.
VT_API int32_t vt_cuda_synchronize(int32_t index);

namespace {

using vae::guarded;

c10::Device device_of(int32_t type, int32_t index) {
    return c10::Device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

c10::Device cuda_device(int32_t index) { return device_of(static_cast<int32_t>(c10::DeviceType::CUDA), index); }

const c10::impl::DeviceGuardImplInterface& cuda() {
    TORCH_CHECK(c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA), "this libtorch was built without CUDA");
    return *c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA);
}

void wait(int32_t index) { TORCH_CHECK(vt_cuda_synchronize(index) >= 0, vae::last_error); }

#ifdef VAE_CUDA_GRAPHS
using Graph = at::cuda::CUDAGraph;
#else
struct Graph {
    static void missing() { TORCH_CHECK(false, "built without the headers of CUDA"); }
    Graph() { missing(); }
    void capture_begin() { missing(); }
    void capture_end() { missing(); }
    void replay() { missing(); }
};
#endif

// A recording that broke off, by an error within it or at its end, leaves the generator's state in recording up to 2.12, so that
// every draw after it fails. A copy of the state, which has the same seed and offset, is not in recording.
#if defined(VAE_CUDA_GRAPHS) && (TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4))
void leave_recording(int32_t index) {
    at::Generator generator = at::globalContext().defaultGenerator(cuda_device(index));
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.graphsafe_set_state(generator.clone());
}
#else
void leave_recording(int32_t) {}
#endif

// A graph, and whether its recording broke off: the allocator then keeps a pointer to it, so that it must outlive the process's work.
struct Recording {
    Graph graph;
    bool broken = false;

    template <class Body>
    void attempt(int32_t index, Body&& body) {
        try {
            body(graph);
        } catch (...) {
            broken = true;
            leave_recording(index);
            throw;
        }
    }
};

// One stream beside the usual one for each device: the allocator and the BLAS keep memory for every stream that was ever used.
c10::Stream side_stream(int32_t index) {
    static std::mutex mutex;
    static std::map<int32_t, c10::Stream> streams;
    std::lock_guard<std::mutex> lock(mutex);
    const auto known = streams.find(index);
    if (known != streams.end()) return known->second;
    return streams.emplace(index, cuda().getStreamFromGlobalPool(cuda_device(index), false)).first->second;
}

// The settings of automatic casts before, to go back to.
struct Casts {
    c10::DeviceType device;
    bool enabled;
    c10::ScalarType type;
};

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool casting(c10::DeviceType device) { return at::autocast::is_autocast_enabled(device); }
c10::ScalarType cast_type(c10::DeviceType device) { return at::autocast::get_autocast_dtype(device); }
void set_casting(c10::DeviceType device, bool enabled, c10::ScalarType type) {
    at::autocast::set_autocast_enabled(device, enabled);
    at::autocast::set_autocast_dtype(device, type);
}
#else
bool casting(c10::DeviceType device) {
    return device == c10::DeviceType::CPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
}
c10::ScalarType cast_type(c10::DeviceType device) {
    return device == c10::DeviceType::CPU ? at::autocast::get_autocast_cpu_dtype() : at::autocast::get_autocast_gpu_dtype();
}
void set_casting(c10::DeviceType device, bool enabled, c10::ScalarType type) {
    if (device == c10::DeviceType::CPU) {
        at::autocast::set_cpu_enabled(enabled);
        at::autocast::set_autocast_cpu_dtype(type);
    } else {
        at::autocast::set_enabled(enabled);
        at::autocast::set_autocast_gpu_dtype(type);
    }
}
#endif

}  // namespace

// ---- streams -------------------------------------------------------------------------------------------------------

// Work on the device goes to a stream of its own until vt_side_stream_leave.
VT_API void* vt_side_stream_enter(int32_t index) {
    return guarded<void*>(nullptr, [&]() -> void* {
        wait(index);
        return new c10::Stream(cuda().exchangeStream(side_stream(index)));
    });
}

VT_API int32_t vt_side_stream_leave(void* previous, int32_t index) {
    return guarded<int32_t>(-1, [&] {
        const auto stream = *static_cast<c10::Stream*>(previous);
        delete static_cast<c10::Stream*>(previous);
        cuda().exchangeStream(stream); // first: should waiting fail, the thread is back on its stream all the same
        wait(index);
        return 0;
    });
}

// ---- graphs --------------------------------------------------------------------------------------------------------

VT_API int32_t vt_graphs_built() {
#ifdef VAE_CUDA_GRAPHS
    return 1;
#else
    return 0;
#endif
}

VT_API void* vt_graph_create(int32_t index) {
    return guarded<void*>(nullptr, [&]() -> void* {
        c10::DeviceGuard guard(cuda_device(index));
        return new Recording();
    });
}

VT_API int32_t vt_graph_begin(void* graph, int32_t index) {
    return guarded<int32_t>(-1, [&] {
        c10::DeviceGuard guard(cuda_device(index));
        static_cast<Recording*>(graph)->attempt(index, [](Graph& work) { work.capture_begin(); });
        return 0;
    });
}

VT_API int32_t vt_graph_end(void* graph, int32_t index) {
    return guarded<int32_t>(-1, [&] {
        c10::DeviceGuard guard(cuda_device(index));
        static_cast<Recording*>(graph)->attempt(index, [](Graph& work) { work.capture_end(); });
        return 0;
    });
}

VT_API int32_t vt_graph_replay(void* graph, int32_t index) {
    return guarded<int32_t>(-1, [&] {
        c10::DeviceGuard guard(cuda_device(index));
        static_cast<Recording*>(graph)->graph.replay();
        return 0;
    });
}

VT_API void vt_graph_release(void* graph) {
    guarded<int>(0, [&] {
        auto* recording = static_cast<Recording*>(graph);
        if (!recording->broken) delete recording;
        return 0;
    });
}

// ---- automatic casts -----------------------------------------------------------------------------------------------

// On the calling thread until vt_autocast_leave.
VT_API void* vt_autocast_enter(int32_t device, int32_t dtype) {
    return guarded<void*>(nullptr, [&]() -> void* {
        const auto type = static_cast<c10::DeviceType>(device);
        auto* before = new Casts{type, casting(type), cast_type(type)};
        set_casting(type, true, static_cast<c10::ScalarType>(dtype));
        at::autocast::increment_nesting();
        return before;
    });
}

VT_API int32_t vt_autocast_leave(void* previous) {
    return guarded<int32_t>(-1, [&] {
        const auto before = *static_cast<Casts*>(previous);
        delete static_cast<Casts*>(previous);
        // The copies of weights that were cast once for several uses; the weights change before the next use.
        if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
        set_casting(before.device, before.enabled, before.type);
        return 0;
    });
}
