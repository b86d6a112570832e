// The native part of the shim (beside it step_graph.cpp): one general entry into libtorch's operator dispatcher (vt_call), and beside it
// the few things that the dispatcher does not offer. Everything is extern "C"; no C++ exception leaves this file: a
// function that can fail returns a failure value, and vt_last_error() then holds the message for the calling thread.
//
// It compiles against libtorch 1.13 up to 2.11: only interfaces that have stayed the same are used, and what may be
// absent from a CPU-only build (CUDA) is reached through the device registry, never by linking to it.

#include "guard.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/csrc/autograd/autograd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#ifndef _WIN32
#include <dlfcn.h>
#endif

namespace {

using vae::guarded;
using Impl = c10::TensorImpl;
using OptionalTensor =
    std::decay_t<decltype(std::declval<const c10::IValue&>().toOptional<at::Tensor>())>;

// Mirrors NativeValue on the managed side: 16 bytes, no padding between the fields.
enum Kind : int32_t {
    kNone = 0, kTensor = 1, kInt = 2, kDouble = 3, kBool = 4, kIntList = 5, kDoubleList = 6, kTensorList = 7,
    kOptionalTensorList = 8, kDevice = 9, kGenerator = 10, kString = 11,
};

struct Value {
    int32_t kind;
    int32_t count;
    union {
        int64_t integer;
        double real;
        void* pointer;
    };
};
static_assert(sizeof(Value) == 16, "the managed side lays out the same 16 bytes");

// An operator looked up once: its handle and what stands in for arguments that a caller leaves out.
struct Operator {
    c10::OperatorHandle handle;
    std::string name;
    std::vector<c10::IValue> defaults;
    std::vector<bool> optional;
};

// The name under which the shim itself may have registered a faster form of an operator: vae::relu for aten::relu.
std::string ours(const std::string& name) { return "vae" + name.substr(name.find(':')); }

// A tensor handle is a TensorImpl that owns one reference.
Impl* release(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

at::Tensor share(Impl* handle) {
    if (handle == nullptr) return at::Tensor();
    return at::Tensor(c10::intrusive_ptr<Impl, c10::UndefinedTensorImpl>::reclaim_copy(handle));
}

std::vector<at::Tensor> share_all(Impl* const* handles, int64_t count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(count);
    for (int64_t i = 0; i < count; ++i) tensors.push_back(share(handles[i]));
    return tensors;
}

c10::Device device_of(int64_t type, int64_t index) {
    return c10::Device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

c10::IValue to_ivalue(const Value& value) {
    switch (value.kind) {
    case kNone:
        return c10::IValue();
    case kTensor:
        return c10::IValue(share(static_cast<Impl*>(value.pointer)));
    case kInt:
        return c10::IValue(value.integer);
    case kDouble:
        return c10::IValue(value.real);
    case kBool:
        return c10::IValue(value.integer != 0);
    case kIntList: {
        auto data = static_cast<const int64_t*>(value.pointer);
        return c10::IValue(std::vector<int64_t>(data, data + value.count));
    }
    case kDoubleList: {
        auto data = static_cast<const double*>(value.pointer);
        return c10::IValue(std::vector<double>(data, data + value.count));
    }
    case kTensorList:
        return c10::IValue(share_all(static_cast<Impl* const*>(value.pointer), value.count));
    case kOptionalTensorList: {
        c10::List<OptionalTensor> list;
        auto data = static_cast<Impl* const*>(value.pointer);
        for (int32_t i = 0; i < value.count; ++i) {
            list.push_back(data[i] == nullptr ? OptionalTensor() : OptionalTensor(share(data[i])));
        }
        return c10::IValue(std::move(list));
    }
    case kDevice:
        return c10::IValue(device_of(value.integer, value.count));
    case kGenerator:
        return c10::IValue(*static_cast<at::Generator*>(value.pointer));
    case kString:
        return c10::IValue(std::string(static_cast<const char*>(value.pointer), value.count));
    default:
        TORCH_CHECK(false, "argument of unknown kind ", value.kind);
    }
}

Value of_tensor(at::Tensor tensor) {
    Value value{};
    value.pointer = release(std::move(tensor));
    value.kind = value.pointer == nullptr ? kNone : kTensor;
    return value;
}

Value of_tensors(const std::vector<at::Tensor>& tensors) {
    Value value{};
    value.kind = kTensorList;
    value.count = static_cast<int32_t>(tensors.size());
    auto handles = static_cast<Impl**>(std::malloc(sizeof(Impl*) * (tensors.size() + 1)));
    for (size_t i = 0; i < tensors.size(); ++i) handles[i] = release(tensors[i]);
    value.pointer = handles;
    return value;
}

Value of_ivalue(c10::IValue&& result) {
    Value value{};
    if (result.isTensor()) return of_tensor(std::move(result).toTensor());
    if (result.isTensorList()) return of_tensors(result.toTensorVector());
    if (result.isBool()) {
        value.kind = kBool;
        value.integer = result.toBool() ? 1 : 0;
    } else if (result.isInt()) {
        value.kind = kInt;
        value.integer = result.toInt();
    } else if (result.isDouble()) {
        value.kind = kDouble;
        value.real = result.toDouble();
    } else if (result.isNone()) {
        value.kind = kNone;
    } else {
        TORCH_CHECK(false, "result of unsupported type ", result.tagKind());
    }
    return value;
}

// The stack of a call: one a thread, to spare each call an allocation, and empty again whatever happens.
struct ClearedStack {
    torch::jit::Stack& stack;

    ClearedStack() : stack(of_this_thread()) {}
    ~ClearedStack() { stack.clear(); }

    static torch::jit::Stack& of_this_thread() {
        thread_local torch::jit::Stack stack;
        return stack;
    }
};

// The hooks of a CUDA build have had deviceSynchronize since before 1.13; should a later one drop it, the guard has it.
template <class Hooks, class Guard>
auto synchronize(const Hooks& hooks, const Guard&, c10::DeviceIndex index, int)
    -> decltype(hooks.deviceSynchronize(index)) {
    hooks.deviceSynchronize(index);
}

template <class Hooks, class Guard>
auto synchronize(const Hooks&, const Guard& guard, c10::DeviceIndex index, long)
    -> decltype(guard.synchronizeDevice(index)) {
    guard.synchronizeDevice(index);
}

// The device registry knows CUDA only where a CUDA build of libtorch has registered it.
const c10::impl::DeviceGuardImplInterface* cuda() {
    if (!c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA)) return nullptr;
    return c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA);
}

}  // namespace

// ---- operators -----------------------------------------------------------------------------------------------------

VT_API const char* vt_last_error() { return vae::last_error.c_str(); }

VT_API const char* vt_version() { return TORCH_VERSION; }

VT_API Operator* vt_operator(const char* name, const char* overload) {
    return guarded<Operator*>(nullptr, [&]() -> Operator* {
        auto handle = c10::Dispatcher::singleton().findSchema({ours(name), overload});
        if (!handle.has_value()) handle = c10::Dispatcher::singleton().findSchema({name, overload});
        TORCH_CHECK(handle.has_value(), "libtorch ", TORCH_VERSION, " has no operator ", name,
                    overload[0] == '\0' ? "" : ".", overload);
        auto op = std::make_unique<Operator>(Operator{*handle, name, {}, {}});
        for (const auto& argument : handle->schema().arguments()) {
            op->optional.push_back(argument.default_value().has_value() ||
                                   argument.type()->kind() == c10::TypeKind::OptionalType);
            op->defaults.push_back(argument.default_value().has_value() ? *argument.default_value() : c10::IValue());
        }
        return op.release();
    });
}

// Calls an operator with the first `count` of its arguments; the rest take the schema's defaults. Writes at most
// `capacity` results (those beyond are dropped) and returns how many there were, or -1.
VT_API int32_t vt_call(const Operator* op, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
    return guarded<int32_t>(-1, [&]() -> int32_t {
        const auto declared = static_cast<int32_t>(op->defaults.size());
        TORCH_CHECK(count <= declared, op->name, " takes ", declared, " arguments in libtorch ", TORCH_VERSION,
                    ", not ", count);
        ClearedStack lease;
        auto& stack = lease.stack;
        for (int32_t i = 0; i < count; ++i) stack.push_back(to_ivalue(arguments[i]));
        for (int32_t i = count; i < declared; ++i) {
            TORCH_CHECK(op->optional[i], op->name, " needs its argument ", i);
            stack.push_back(op->defaults[i]);
        }
        op->handle.callBoxed(&stack);
        const auto produced = static_cast<int32_t>(stack.size());
        for (int32_t i = 0; i < produced && i < capacity; ++i) results[i] = of_ivalue(std::move(stack[i]));
        return produced;
    });
}

VT_API void vt_free(void* memory) { std::free(memory); }

// ---- tensors -------------------------------------------------------------------------------------------------------

VT_API void vt_tensor_release(Impl* handle) {
    guarded<int>(0, [&] {
        c10::intrusive_ptr<Impl, c10::UndefinedTensorImpl>::reclaim(handle);
        return 0;
    });
}

VT_API Impl* vt_tensor_share(Impl* handle) { return release(share(handle)); }

VT_API int64_t vt_tensor_dim(Impl* handle) { return handle->dim(); }

VT_API int64_t vt_tensor_numel(Impl* handle) { return handle->numel(); }

VT_API int64_t vt_tensor_element_size(Impl* handle) { return static_cast<int64_t>(handle->itemsize()); }

VT_API int32_t vt_tensor_dtype(Impl* handle) {
    return static_cast<int32_t>(c10::typeMetaToScalarType(handle->dtype()));
}

VT_API void vt_tensor_device(Impl* handle, int32_t* type, int32_t* index) {
    const auto device = handle->device();
    *type = static_cast<int32_t>(device.type());
    *index = static_cast<int32_t>(device.index());
}

VT_API void vt_tensor_sizes(Impl* handle, int64_t* sizes, int64_t* strides) {
    const auto dim = handle->dim();
    if (sizes != nullptr) std::memcpy(sizes, handle->sizes().data(), sizeof(int64_t) * dim);
    if (strides != nullptr) std::memcpy(strides, handle->strides().data(), sizeof(int64_t) * dim);
}

VT_API int64_t vt_tensor_storage_offset(Impl* handle) { return handle->storage_offset(); }

VT_API int32_t vt_tensor_is_contiguous(Impl* handle) { return handle->is_contiguous() ? 1 : 0; }

VT_API void* vt_tensor_data(Impl* handle) {
    return guarded<void*>(nullptr, [&] { return share(handle).data_ptr(); });
}

VT_API int32_t vt_tensor_requires_grad(Impl* handle) {
    return guarded<int32_t>(-1, [&] { return share(handle).requires_grad() ? 1 : 0; });
}

VT_API int32_t vt_tensor_set_requires_grad(Impl* handle, int32_t value) {
    return guarded<int32_t>(-1, [&] {
        share(handle).requires_grad_(value != 0);
        return 0;
    });
}

VT_API int32_t vt_tensor_is_leaf(Impl* handle) {
    return guarded<int32_t>(-1, [&] { return share(handle).is_leaf() ? 1 : 0; });
}

VT_API int32_t vt_tensor_retain_grad(Impl* handle) {
    return guarded<int32_t>(-1, [&] {
        share(handle).retain_grad();
        return 0;
    });
}

VT_API Impl* vt_tensor_grad(Impl* handle) {
    return guarded<Impl*>(nullptr, [&] { return release(share(handle).mutable_grad()); });
}

VT_API int32_t vt_tensor_set_grad(Impl* handle, Impl* grad) {
    return guarded<int32_t>(-1, [&] {
        share(handle).mutable_grad() = share(grad);
        return 0;
    });
}

// Makes `handle` share the storage and the shape of `source` without recording it (torch's `x.data = y`).
VT_API int32_t vt_tensor_set_data(Impl* handle, Impl* source) {
    return guarded<int32_t>(-1, [&] {
        share(handle).set_data(share(source));
        return 0;
    });
}

// A tensor over the caller's memory; `deleter(context)` runs when libtorch drops the last reference to it.
VT_API Impl* vt_tensor_from_blob(void* data, const int64_t* sizes, int32_t dim, int32_t dtype,
                                 void (*deleter)(void*), void* context) {
    return guarded<Impl*>(nullptr, [&] {
        const auto options = at::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype));
        return release(at::from_blob(
            data, at::IntArrayRef(sizes, dim), [deleter, context](void*) { deleter(context); }, options));
    });
}

// ---- autograd ------------------------------------------------------------------------------------------------------

VT_API int32_t vt_backward(Impl* const* tensors, int32_t count, Impl* const* grads, int32_t grad_count,
                           int32_t retain_graph, int32_t create_graph, Impl* const* inputs, int32_t input_count) {
    return guarded<int32_t>(-1, [&] {
        torch::autograd::backward(share_all(tensors, count), share_all(grads, grad_count), retain_graph != 0,
                                  create_graph != 0, share_all(inputs, input_count));
        return 0;
    });
}

VT_API int32_t vt_grad(Impl* const* outputs, int32_t count, Impl* const* inputs, int32_t input_count,
                       Impl* const* grads, int32_t grad_count, int32_t retain_graph, int32_t create_graph,
                       int32_t allow_unused, Value* result) {
    return guarded<int32_t>(-1, [&] {
        *result = of_tensors(torch::autograd::grad(share_all(outputs, count), share_all(inputs, input_count),
                                                   share_all(grads, grad_count), retain_graph != 0, create_graph != 0,
                                                   allow_unused != 0));
        return 0;
    });
}

VT_API int32_t vt_grad_enabled() { return c10::GradMode::is_enabled() ? 1 : 0; }

VT_API void vt_set_grad_enabled(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

VT_API void* vt_inference_mode_enter(int32_t enabled) {
    return guarded<void*>(nullptr, [&]() -> void* { return new c10::InferenceMode(enabled != 0); });
}

VT_API void vt_inference_mode_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

VT_API int32_t vt_inference_mode_enabled() { return c10::InferenceMode::is_enabled() ? 1 : 0; }

// ---- random numbers ------------------------------------------------------------------------------------------------

// The library's own generator of a device: a reference to it, not a copy.
VT_API at::Generator* vt_generator_default(int32_t device, int32_t index) {
    return guarded<at::Generator*>(nullptr, [&] {
        return new at::Generator(at::globalContext().defaultGenerator(device_of(device, index)));
    });
}

// A generator of its own. A copy of the default one, seeded afresh, needs no constructor of a device's own library.
VT_API at::Generator* vt_generator_create(uint64_t seed, int32_t device, int32_t index) {
    return guarded<at::Generator*>(nullptr, [&] {
        at::Generator original = at::globalContext().defaultGenerator(device_of(device, index));
        auto generator = [&] {
            std::lock_guard<std::mutex> lock(original.mutex());
            return original.clone();
        }();
        generator.set_current_seed(seed);
        return new at::Generator(std::move(generator));
    });
}

VT_API void vt_generator_release(at::Generator* generator) { delete generator; }

VT_API int32_t vt_generator_set_seed(at::Generator* generator, uint64_t seed) {
    return guarded<int32_t>(-1, [&] {
        std::lock_guard<std::mutex> lock(generator->mutex());
        generator->set_current_seed(seed);
        return 0;
    });
}

VT_API int32_t vt_generator_initial_seed(at::Generator* generator, uint64_t* seed) {
    return guarded<int32_t>(-1, [&] {
        *seed = generator->current_seed();
        return 0;
    });
}

VT_API Impl* vt_generator_get_state(at::Generator* generator) {
    return guarded<Impl*>(nullptr, [&] {
        std::lock_guard<std::mutex> lock(generator->mutex());
        return release(generator->get_state());
    });
}

VT_API int32_t vt_generator_set_state(at::Generator* generator, Impl* state) {
    return guarded<int32_t>(-1, [&] {
        std::lock_guard<std::mutex> lock(generator->mutex());
        generator->set_state(share(state));
        return 0;
    });
}

// Seeds the default generators of all devices, as torch.manual_seed does.
VT_API int32_t vt_manual_seed(uint64_t seed) {
    return guarded<int32_t>(-1, [&] {
        at::manual_seed(seed);
        return 0;
    });
}

// ---- threads, devices, settings ------------------------------------------------------------------------------------

VT_API int32_t vt_num_threads() { return at::get_num_threads(); }

// Where libtorch multiplies matrices with an OpenBLAS that has threads of its own (Debian's), at::set_num_threads does not
// reach them: two of our threads would then wait for each other at every product.
void set_blas_threads(int32_t count) {
#ifndef _WIN32
    using Setter = void (*)(int);
    static const auto setter = reinterpret_cast<Setter>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
    if (setter != nullptr) setter(count);
#else
    (void)count;
#endif
}

VT_API int32_t vt_set_num_threads(int32_t count) {
    return guarded<int32_t>(-1, [&] {
        at::set_num_threads(count);
        set_blas_threads(count);
        return 0;
    });
}

VT_API int32_t vt_num_interop_threads() { return static_cast<int32_t>(at::get_num_interop_threads()); }

VT_API int32_t vt_set_num_interop_threads(int32_t count) {
    return guarded<int32_t>(-1, [&] {
        at::set_num_interop_threads(count);
        return 0;
    });
}

VT_API int32_t vt_cuda_device_count() {
    return guarded<int32_t>(0, [&]() -> int32_t { return cuda() == nullptr ? 0 : cuda()->deviceCount(); });
}

VT_API int32_t vt_cudnn_available() {
    return guarded<int32_t>(
        0, [&]() -> int32_t { return cuda() != nullptr && at::globalContext().hasCuDNN() ? 1 : 0; });
}

VT_API int32_t vt_cuda_synchronize(int32_t index) {
    return guarded<int32_t>(-1, [&] {
        TORCH_CHECK(cuda() != nullptr, "this libtorch was built without CUDA");
        const auto device = static_cast<c10::DeviceIndex>(index < 0 ? cuda()->getDevice().index() : index);
        synchronize(at::detail::getCUDAHooks(), *cuda(), device, 0);
        return 0;
    });
}

VT_API int32_t vt_allow_tf32(int32_t cudnn) {
    return guarded<int32_t>(-1, [&] {
        return (cudnn != 0 ? at::globalContext().allowTF32CuDNN() : at::globalContext().allowTF32CuBLAS()) ? 1 : 0;
    });
}

#if TORCH_VERSION_MAJOR >= 2
namespace {

// From 2.9 on the two settings warn of names that are to replace them, on the standard error of whoever sets them.
struct SilentWarnings : c10::WarningHandler {
    void process(const c10::Warning&) override {}
};

}  // namespace
#endif

VT_API int32_t vt_set_allow_tf32(int32_t cudnn, int32_t value) {
    return guarded<int32_t>(-1, [&] {
#if TORCH_VERSION_MAJOR >= 2
        SilentWarnings silent;
        c10::WarningUtils::WarningHandlerGuard guard(&silent);
#endif
        if (cudnn != 0) {
            at::globalContext().setAllowTF32CuDNN(value != 0);
        } else {
            at::globalContext().setAllowTF32CuBLAS(value != 0);
        }
        return 0;
    });
}

VT_API int32_t vt_default_dtype() {
    return static_cast<int32_t>(c10::typeMetaToScalarType(c10::get_default_dtype()));
}

VT_API int32_t vt_set_default_dtype(int32_t dtype) {
    return guarded<int32_t>(-1, [&] {
        c10::set_default_dtype(c10::scalarTypeToTypeMeta(static_cast<c10::ScalarType>(dtype)));
        return 0;
    });
}
