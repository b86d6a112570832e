// Transposed convolutions by the kernels of ordinary ones. A libtorch before 2.0 gives them to its slow kernels, an image at a time, while
// the two convolutions whose gradients they are made of run in oneDNN, several times faster; later ones do this by themselves.

#include <torch/csrc/api/include/torch/version.h>

#if TORCH_VERSION_MAJOR < 2

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using OptionalTensor = c10::optional<at::Tensor>;

struct Geometry {
    std::vector<int64_t> stride, padding, output_padding, dilation;
    int64_t groups;
};

// The map [N, C, H, W] of which `input` would be the convolution.
std::vector<int64_t> output_shape(const at::Tensor& input, const at::Tensor& weight, const Geometry& geometry) {
    std::vector<int64_t> shape{input.size(0), weight.size(1) * geometry.groups};
    for (size_t i = 0; i < 2; ++i) {
        const auto side = static_cast<int64_t>(i) + 2;
        shape.push_back((input.size(side) - 1) * geometry.stride[i] - 2 * geometry.padding[i] +
                        geometry.dilation[i] * (weight.size(side) - 1) + geometry.output_padding[i] + 1);
    }
    return shape;
}

// The gradients by input and weight of the convolution from `larger` to `smaller`, those that are asked for.
std::tuple<at::Tensor, at::Tensor, at::Tensor> gradients(
    const at::Tensor& smaller, const at::Tensor& larger, const at::Tensor& weight, const Geometry& geometry, bool input, bool weights) {
    return at::convolution_backward(smaller, larger, weight, c10::nullopt, geometry.stride, geometry.padding, geometry.dilation,
                                    false, std::vector<int64_t>{0, 0}, geometry.groups, std::array<bool, 3>{input, weights, false});
}

class TransposedConvolution : public torch::autograd::Function<TransposedConvolution> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& weight, const Geometry& geometry) {
        context->save_for_backward({input, weight});
        context->saved_data["stride"] = geometry.stride;
        context->saved_data["padding"] = geometry.padding;
        context->saved_data["dilation"] = geometry.dilation;
        context->saved_data["groups"] = geometry.groups;
        const auto larger = at::empty(output_shape(input, weight, geometry), input.options());  // its shape matters, not its values
        return std::get<0>(gradients(input, larger, weight, geometry, true, false));
    }

    static variable_list backward(AutogradContext* context, variable_list gradient) {
        const auto saved = context->get_saved_variables();
        const auto& data = context->saved_data;
        const Geometry geometry{data.at("stride").toIntVector(), data.at("padding").toIntVector(), {},
                                data.at("dilation").toIntVector(), data.at("groups").toInt()};
        const auto larger = gradient[0].contiguous();
        at::Tensor of_input, of_weight;
        if (context->needs_input_grad(0)) {
            of_input = at::convolution(larger, saved[1], {}, geometry.stride, geometry.padding, geometry.dilation, false,
                                       std::vector<int64_t>{0, 0}, geometry.groups);
        }
        if (context->needs_input_grad(1)) of_weight = std::get<1>(gradients(saved[0], larger, saved[1], geometry, false, true));
        return {of_input, of_weight, at::Tensor()};
    }
};

bool is_plain(const at::Tensor& tensor) {
    return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.layout() == at::kStrided && tensor.dim() == 4;
}

at::Tensor conv_transpose2d(const at::Tensor& input, const at::Tensor& weight, const OptionalTensor& bias, at::IntArrayRef stride,
                            at::IntArrayRef padding, at::IntArrayRef output_padding, int64_t groups, at::IntArrayRef dilation) {
    const bool is_ours = is_plain(input) && is_plain(weight) && input.size(0) > 0 && input.size(1) == weight.size(0) && stride.size() == 2 &&
                         padding.size() == 2 && output_padding.size() == 2 && dilation.size() == 2 && at::globalContext().hasMKLDNN() &&
                         at::globalContext().userEnabledMkldnn();
    const Geometry geometry{stride.vec(), padding.vec(), output_padding.vec(), dilation.vec(), groups};
    // What the library refuses (an output padding that is too large, say), it shall refuse in its own words.
    if (!is_ours || output_padding[0] >= std::max(stride[0], dilation[0]) || output_padding[1] >= std::max(stride[1], dilation[1])) {
        return at::conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation);
    }
    const auto output = TransposedConvolution::apply(input.contiguous(), weight.contiguous(), geometry);
    return bias.has_value() && bias->defined() ? output.add_(bias->view({1, -1, 1, 1})) : output;
}

}  // namespace

// vt_operator takes this one in the place of aten's.
TORCH_LIBRARY(vae, library) {
    library.def("conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=1, int[2] padding=0, "
                "int[2] output_padding=0, int groups=1, int[2] dilation=1) -> Tensor", &conv_transpose2d);
}

#endif
