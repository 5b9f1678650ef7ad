// One stage of the original RoomNet - 3 x 3 convolution without padding, ReLU6, mean pool, batch norm - and the sum that
// ends a block, forward and back, for one photo at a time.
//
// A photo's activations are (height, width, channels) float32. PyTorch runs each operation over the whole batch: on one
// core with AVX2 (Zen 3), forward and back, 781 ms a photo of 224 pixels, of which convolutions 509, mean pools 129,
// batch norms 84 and ReLU6 59. Here the operations on one photo follow each other while it is in the cache: 177 ms.
#include <algorithm>
#include <cstdint>
#include <vector>

typedef float Floats __attribute__((vector_size(32), aligned(4)));
constexpr int64_t LANES = 8;

// `P` pixels of a row by `V` registers of filters. `I` channels; `w` is [row][column and channel][V * LANES].
template <int I, int V, int P>
static inline void tile(const float* x, int64_t row, const float* w, float* y, int64_t filters, bool relu6) {
    Floats sums[P][V] = {};
    for (int dy = 0; dy < 3; dy++) {
        const float* here = x + dy * row;
        for (int k = 0; k < 3 * I; k++, w += V * LANES) {
            Floats kernel[V];
#pragma GCC unroll 2
            for (int v = 0; v < V; v++) kernel[v] = *(const Floats*)(w + v * LANES);
#pragma GCC unroll 12
            for (int p = 0; p < P; p++)
#pragma GCC unroll 2
                for (int v = 0; v < V; v++) sums[p][v] += kernel[v] * here[p * I + k];
        }
    }
#pragma GCC unroll 12
    for (int p = 0; p < P; p++)
#pragma GCC unroll 2
        for (int v = 0; v < V; v++) {
            Floats s = sums[p][v];
            if (relu6) {
                s = s > 0.0f ? s : Floats{};
                s = s < 6.0f ? s : Floats{} + 6.0f;
            }
            *(Floats*)(y + p * filters + v * LANES) = s;
        }
}

// x (height, width, I) to y (height - 2, width - 2, filters); w is [filter / (V * LANES)][row][column][I][V * LANES].
template <int I, int V>
static void convolve(const float* x, const float* w, float* y, int64_t height, int64_t width, int64_t filters,
                     bool relu6) {
    constexpr int P = 12 / V;
    const int64_t columns = width - 2;
    for (int64_t f = 0; f < filters; f += V * LANES, w += 9 * I * V * LANES)
        for (int64_t r = 0; r < height - 2; r++) {
            const float* from = x + r * width * I;
            float* to = y + r * columns * filters + f;
            int64_t c = 0;
            if (columns >= P)
                // The last tile starts where it ends with the row, and computes some pixels once more.
                for (int64_t next = 0; next < columns; next += P) {
                    c = std::min(next, columns - P);
                    tile<I, V, P>(from + c * I, width * I, w, to + c * filters, filters, relu6);
                }
            else
                for (; c < columns; c++) tile<I, V, 1>(from + c * I, width * I, w, to + c * filters, filters, relu6);
        }
}

// Adds the kernel's gradient: out is [row][column][I][filters]; g's rows are `stride` floats apart.
template <int I, int V>
static void kernel_gradient(const float* x, const float* g, int64_t stride, float* out, int64_t height, int64_t width,
                            int64_t filters) {
    constexpr int G = 6;  // 3 * I is a multiple of 6
    constexpr int64_t BLOCK = 64;
    const int64_t columns = width - 2;
    for (int64_t r = 0; r < height - 2; r++)
        for (int64_t begin = 0; begin < columns; begin += BLOCK) {
            const int64_t count = std::min(BLOCK, columns - begin);
            for (int64_t f = 0; f < filters; f += V * LANES)
                for (int dy = 0; dy < 3; dy++)
                    for (int k = 0; k < 3 * I; k += G) {
                        const float* from = x + ((r + dy) * width + begin) * I + k;
                        const float* gradient = g + r * stride + begin * filters + f;
                        Floats sums[G][V] = {};
                        for (int64_t p = 0; p < count; p++, from += I, gradient += filters) {
                            Floats here[V];
#pragma GCC unroll 2
                            for (int v = 0; v < V; v++) here[v] = *(const Floats*)(gradient + v * LANES);
#pragma GCC unroll 6
                            for (int j = 0; j < G; j++)
#pragma GCC unroll 2
                                for (int v = 0; v < V; v++) sums[j][v] += here[v] * from[j];
                        }
                        for (int j = 0; j < G; j++)
                            for (int v = 0; v < V; v++)
                                *(Floats*)(out + (dy * 3 * I + k + j) * filters + f + v * LANES) += sums[j][v];
                    }
        }
}

template <int I>
static void convolve_by_filters(const float* x, const float* w, float* y, int64_t height, int64_t width,
                                int64_t filters, bool relu6) {
    (filters == 8 ? convolve<I, 1> : convolve<I, 2>)(x, w, y, height, width, filters, relu6);
}

static void convolve_any(const float* x, const float* w, float* y, int64_t height, int64_t width, int64_t channels,
                         int64_t filters, bool relu6) {
    (channels == 8    ? convolve_by_filters<8>
     : channels == 16 ? convolve_by_filters<16>
     : channels == 32 ? convolve_by_filters<32>
     : channels == 64 ? convolve_by_filters<64>
                      : convolve_by_filters<128>)(x, w, y, height, width, filters, relu6);
}

template <int I>
static void gradient_by_filters(const float* x, const float* g, int64_t stride, float* out, int64_t height,
                                int64_t width, int64_t filters) {
    (filters == 8 ? kernel_gradient<I, 1> : kernel_gradient<I, 2>)(x, g, stride, out, height, width, filters);
}

static void gradient_any(const float* x, const float* g, int64_t stride, float* out, int64_t height, int64_t width,
                         int64_t channels, int64_t filters) {
    (channels == 8    ? gradient_by_filters<8>
     : channels == 16 ? gradient_by_filters<16>
     : channels == 32 ? gradient_by_filters<32>
     : channels == 64 ? gradient_by_filters<64>
                      : gradient_by_filters<128>)(x, g, stride, out, height, width, filters);
}

// Adds each channel's sum of a and of a * b to sums[0 .. channels - 1] and sums[channels ..].
static void add_sums(const float* a, const float* b, double* sums, int64_t pixels, int64_t channels) {
    constexpr int64_t BLOCK = 256;
    std::vector<float> plain(channels), product(channels);
    for (int64_t begin = 0; begin < pixels; begin += BLOCK) {
        std::fill(plain.begin(), plain.end(), 0.0f);
        std::fill(product.begin(), product.end(), 0.0f);
        float *first = plain.data(), *second = product.data();
        for (int64_t p = begin; p < std::min(begin + BLOCK, pixels); p++)
#pragma GCC ivdep
            for (int64_t c = 0; c < channels; c++) {
                first[c] += a[p * channels + c];
                second[c] += a[p * channels + c] * b[p * channels + c];
            }
        for (int64_t c = 0; c < channels; c++) sums[c] += first[c], sums[channels + c] += second[c];
    }
}

// Mean of pool x pool pixels of y (height, width, channels).
static void pool_mean(const float* y, float* out, int64_t height, int64_t width, int64_t channels, int64_t pool,
                      int64_t stride) {
    const int64_t rows = (height - pool) / stride + 1, columns = (width - pool) / stride + 1, line = width * channels;
    const float share = 1.0f / (pool * pool);
    std::vector<float> buffer(line);
    float* sum = buffer.data();
    for (int64_t r = 0; r < rows; r++) {
        const float* from = y + r * stride * line;
        for (int64_t i = 0; i < line; i++) sum[i] = from[i] + from[line + i] + from[2 * line + i];
        if (pool == 4)
            for (int64_t i = 0; i < line; i++) sum[i] += from[3 * line + i];
        float* to = out + r * columns * channels;
        for (int64_t q = 0; q < columns; q++) {
            const float* a = sum + q * stride * channels;
            float* here = to + q * channels;
#pragma GCC ivdep
            for (int64_t c = 0; c < channels; c++) {
                float s = a[c] + a[channels + c] + a[2 * channels + c];
                if (pool == 4) s += a[3 * channels + c];
                here[c] = s * share;
            }
        }
    }
}

// x (height, width, channels) to y (height - 2, width - 2, filters) after ReLU6, and p, its mean of pool x pool pixels
// (pool 0: none, p is y). Adds the sums of p and of its squares.
extern "C" void stage_forward(const float* x, const float* w, float* y, float* p, double* sums, int64_t height,
                              int64_t width, int64_t channels, int64_t filters, int64_t pool, int64_t stride) {
    convolve_any(x, w, y, height, width, channels, filters, true);
    int64_t pixels = (height - 2) * (width - 2);
    if (pool) {
        pool_mean(y, p, height - 2, width - 2, filters, pool, stride);
        pixels = ((height - 2 - pool) / stride + 1) * ((width - 2 - pool) / stride + 1);
    }
    add_sums(p, p, sums, pixels, filters);
}

// out = a * factors + terms, channel by channel.
extern "C" void scale(const float* a, const float* factors, const float* terms, float* out, int64_t pixels,
                      int64_t channels) {
    for (int64_t p = 0; p < pixels; p++)
#pragma GCC ivdep
        for (int64_t c = 0; c < channels; c++) out[p * channels + c] = a[p * channels + c] * factors[c] + terms[c];
}

extern "C" void gradient_sums(const float* g, const float* p, double* sums, int64_t pixels, int64_t channels) {
    add_sums(g, p, sums, pixels, channels);
}

// The gradient g of what batch norm made of p becomes the gradient of p, then of y, x and the kernel. `batch` is three
// rows: p's gradient is batch[0] * g + batch[1] * p + batch[2]. `back` is the kernel as x's gradient needs it (turned,
// filters and channels exchanged). x_gradient may be null. Adds to kernel_gradient.
extern "C" void stage_backward(const float* g, const float* p, const float* y, const float* x, const float* back,
                               const float* batch, float* x_gradient, float* kernel_gradient, int64_t height,
                               int64_t width, int64_t channels, int64_t filters, int64_t pool, int64_t stride) {
    thread_local std::vector<float> pooled, tall, padded;
    const int64_t h = height - 2, w = width - 2;
    const int64_t rows = pool ? (h - pool) / stride + 1 : h, columns = pool ? (w - pool) / stride + 1 : w;
    const int64_t line = columns * filters, wide = (w + 4) * filters;
    pooled.resize(rows * line);
    tall.resize(line);
    padded.assign((h + 4) * wide, 0.0f);
    const float *one = batch, *two = batch + filters, *three = batch + 2 * filters;
    float* dp = pooled.data();
    const float share = pool ? 1.0f / (pool * pool) : 1.0f;
    for (int64_t q = 0; q < rows * columns; q++)
#pragma GCC ivdep
        for (int64_t c = 0; c < filters; c++)
            dp[q * filters + c] = share * (one[c] * g[q * filters + c] + two[c] * p[q * filters + c] + three[c]);
    const int64_t reach = pool ? pool : 1, step = pool ? stride : 1;
    for (int64_t r = 0; r < h; r++) {
        // The means that pixel r is part of: first .. last.
        const int64_t first = r < reach ? 0 : (r - reach) / step + 1, last = std::min(r / step, rows - 1);
        if (first > last) continue;
        float* sum = tall.data();
        std::copy(dp + first * line, dp + (first + 1) * line, sum);
        for (int64_t row = first + 1; row <= last; row++)
#pragma GCC ivdep
            for (int64_t i = 0; i < line; i++) sum[i] += dp[row * line + i];
        for (int64_t s = 0; s < w; s++) {
            const int64_t from = s < reach ? 0 : (s - reach) / step + 1, to = std::min(s / step, columns - 1);
            float* out = padded.data() + (r + 2) * wide + (s + 2) * filters;
            const float* value = y + (r * w + s) * filters;
            const int64_t count = to - from + 1;
            const float* a = sum + from * filters;
            if (count == 4) {
#pragma GCC ivdep
                for (int64_t c = 0; c < filters; c++) {
                    const float v = a[c] + a[filters + c] + a[2 * filters + c] + a[3 * filters + c];
                    out[c] = value[c] > 0.0f && value[c] < 6.0f ? v : 0.0f;
                }
            } else {
                for (int64_t q = 0; q < count; q++)
#pragma GCC ivdep
                    for (int64_t c = 0; c < filters; c++) out[c] += a[q * filters + c];
#pragma GCC ivdep
                for (int64_t c = 0; c < filters; c++)
                    out[c] = value[c] > 0.0f && value[c] < 6.0f ? out[c] : 0.0f;
            }
        }
    }
    gradient_any(x, padded.data() + 2 * wide + 2 * filters, wide, kernel_gradient, height, width, channels, filters);
    if (x_gradient) convolve_any(padded.data(), back, x_gradient, h + 4, w + 4, filters, channels, false);
}

// Pixel i of `side` looks at pixel i * from / side of `from`, TensorFlow 1's bilinear grid.
struct Place {
    int64_t low, high;
    float mix;
};

static std::vector<Place> grid(int64_t from, int64_t side) {
    std::vector<Place> places(side);
    for (int64_t i = 0; i < side; i++) {
        const double position = (double)i * ((double)from / side);
        const int64_t low = std::min((int64_t)position, from - 1);
        places[i] = {low, std::min(low + 1, from - 1), (float)(position - low)};
    }
    return places;
}

// out (side, side, channels) = last + first (from, from, channels) resized; adds the sums of out and of its squares.
extern "C" void sum_forward(const float* first, const float* last, float* out, double* sums, int64_t from,
                            int64_t side, int64_t channels) {
    const auto places = grid(from, side);
    std::vector<float> buffer(from * channels);
    float* row = buffer.data();
    for (int64_t r = 0; r < side; r++) {
        const float *upper = first + places[r].low * from * channels, *lower = first + places[r].high * from * channels;
        const float mix = places[r].mix;
        for (int64_t i = 0; i < from * channels; i++) row[i] = upper[i] + (lower[i] - upper[i]) * mix;
        for (int64_t s = 0; s < side; s++) {
            const float *a = row + places[s].low * channels, *b = row + places[s].high * channels;
            const float share = places[s].mix;
            const float* base = last + (r * side + s) * channels;
            float* to = out + (r * side + s) * channels;
#pragma GCC ivdep
            for (int64_t c = 0; c < channels; c++) to[c] = base[c] + a[c] + (b[c] - a[c]) * share;
        }
    }
    add_sums(out, out, sums, side * side, channels);
}

// The gradient g of what batch norm made of `sum` becomes the gradients of `last` and `first`; `batch` as above.
extern "C" void sum_backward(const float* g, const float* sum, const float* batch, float* last_gradient,
                             float* first_gradient, int64_t from, int64_t side, int64_t channels) {
    const auto places = grid(from, side);
    const float *one = batch, *two = batch + channels, *three = batch + 2 * channels;
    std::vector<float> buffer(from * channels);
    std::fill(first_gradient, first_gradient + from * from * channels, 0.0f);
    for (int64_t r = 0; r < side; r++) {
        float* row = buffer.data();
        std::fill(row, row + from * channels, 0.0f);
        for (int64_t s = 0; s < side; s++) {
            const int64_t at = (r * side + s) * channels;
            float *a = row + places[s].low * channels, *b = row + places[s].high * channels;
            const float share = places[s].mix;
            float* to = last_gradient + at;
#pragma GCC ivdep
            for (int64_t c = 0; c < channels; c++) to[c] = one[c] * g[at + c] + two[c] * sum[at + c] + three[c];
#pragma GCC ivdep
            for (int64_t c = 0; c < channels; c++) a[c] += to[c] * (1 - share);
#pragma GCC ivdep
            for (int64_t c = 0; c < channels; c++) b[c] += to[c] * share;
        }
        float *upper = first_gradient + places[r].low * from * channels;
        float *lower = first_gradient + places[r].high * from * channels;
        const float mix = places[r].mix;
        for (int64_t i = 0; i < from * channels; i++) upper[i] += row[i] * (1 - mix);
        for (int64_t i = 0; i < from * channels; i++) lower[i] += row[i] * mix;
    }
}
