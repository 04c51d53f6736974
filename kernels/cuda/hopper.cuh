#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cuda/qualifiers.cuh"

#ifdef __CUDACC__
#include <cuda.h>
#endif

namespace pingjia::kernels::cuda {

/// What only sm_90a has: tiles copied by the bulk copy engine, barriers that count their bytes, and
/// products of a warpgroup (four warps) out of shared memory. On other architectures these trap;
/// the host does not launch kernels that use them there.

/// The layout of a row-major matrix of bf16 in global memory and of the box that is copied: 64
/// columns by some rows, into rows of 128 bytes with the 128-byte swizzle: address bits 4 to 6
/// exclusive-or bits 7 to 9. What lies outside the matrix arrives as zeros.
#ifdef __CUDACC__
using TensorMap = CUtensorMap;

// The compiler drops nothing here: a trap where the instruction does not exist.
#if defined(__CUDA_ARCH__) && !defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define PINGJIA_SM90A(...) asm volatile("trap;")
#else
#define PINGJIA_SM90A(...) asm volatile(__VA_ARGS__)
#endif

PINGJIA_DEVICE std::uint32_t shared_address(const void* shared) {
  return static_cast<std::uint32_t>(__cvta_generic_to_shared(shared));
}

/// Makes this thread's writes to shared memory known to the copy engine and to products; before it
/// tells another thread that it has written.
PINGJIA_DEVICE void writes_are_ready() {
  PINGJIA_SM90A("fence.proxy.async.shared::cta;" ::: "memory");
}

/// mbarrier (PTX ISA 9.7.13.15): a phase ends when `arrivals` threads have arrived and all expected
/// bytes.
PINGJIA_DEVICE void barrier_init(std::uint64_t* barrier, int arrivals) {
  PINGJIA_SM90A("mbarrier.init.shared.b64 [%0], %1;" ::"r"(shared_address(barrier)), "r"(arrivals)
                : "memory");
}
/// Makes the initialised barriers known to the copy engine; before the block's first barrier.
PINGJIA_DEVICE void barriers_are_ready() {
  PINGJIA_SM90A("fence.mbarrier_init.release.cluster;" ::: "memory");
}
PINGJIA_DEVICE void arrive(std::uint64_t* barrier) {
  PINGJIA_SM90A("mbarrier.arrive.shared.b64 _, [%0];" ::"r"(shared_address(barrier)) : "memory");
}
PINGJIA_DEVICE void arrive_expecting(std::uint64_t* barrier, int bytes) {
  PINGJIA_SM90A("mbarrier.arrive.expect_tx.shared.b64 _, [%0], %1;" ::"r"(shared_address(barrier)),
                "r"(bytes)
                : "memory");
}
/// Until the phase of that parity is over; the first has parity 0. A fresh barrier counts as having
/// ended one of parity 1.
PINGJIA_DEVICE void wait_phase(std::uint64_t* barrier, int parity) {
  PINGJIA_SM90A(
      "{\n"
      ".reg .pred done;\n"
      "again:\n"
      "mbarrier.try_wait.parity.shared.b64 done, [%0], %1;\n"
      "@!done bra again;\n"
      "}\n" ::"r"(shared_address(barrier)),
      "r"(parity)
      : "memory");
}

/// Starts the copy of the box at (row, column) to `shared`, on 1,024 bytes; its bytes count on the
/// barrier (cp.async.bulk.tensor, PTX ISA 9.7.9.27). By one thread.
PINGJIA_DEVICE void copy_box(void* shared, const TensorMap& map, int row, int column,
                             std::uint64_t* barrier) {
  PINGJIA_SM90A(
      "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%2, "
      "%3}], [%4];" ::"r"(shared_address(shared)),
      "l"(&map), "r"(column), "r"(row), "r"(shared_address(barrier))
      : "memory");
}

/// Before a run of products, after other uses of their sums.
PINGJIA_DEVICE void begin_products() {
  PINGJIA_SM90A("wgmma.fence.sync.aligned;" ::: "memory");
}
PINGJIA_DEVICE void commit_products() {
  PINGJIA_SM90A("wgmma.commit_group.sync.aligned;" ::: "memory");
}
/// Until at most kInFlight of the latest groups run.
template <int kInFlight>
PINGJIA_DEVICE void wait_products() {
  PINGJIA_SM90A("wgmma.wait_group.sync.aligned %0;" ::"n"(kInFlight) : "memory");
}

/// Registers of each thread of a warpgroup, from here on.
template <int kCount>
PINGJIA_DEVICE void fewer_registers() {
  PINGJIA_SM90A("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(kCount));
}
template <int kCount>
PINGJIA_DEVICE void more_registers() {
  PINGJIA_SM90A("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(kCount));
}

/// d += a b^T for 64 rows of a and 256 rows of b, 16 columns of each (wgmma.m64n256k16, PTX ISA
/// 9.7.15). By the warpgroup; the sums may be used after wait_products. With g = lane / 4, t = lane
/// % 4: d[4 j] and d[4 j + 1] are row 16 warp + g, columns 8 j + 2 t and the next; d[4 j + 2], d[4
/// j + 3] row + 8.
PINGJIA_DEVICE void multiply_group(float (&d)[128], std::uint64_t a, std::uint64_t b) {
  PINGJIA_SM90A(
      "wgmma.mma_async.sync.aligned.m64n256k16.f32.bf16.bf16 {"
      "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
      "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
      "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
      "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63, "
      "%64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79, "
      "%80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95, "
      "%96, %97, %98, %99, %100, %101, %102, %103, %104, %105, %106, %107, %108, %109, %110, %111, "
      "%112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %122, %123, %124, %125, %126, "
      "%127}, "
      "%128, %129, 1, 1, 1, 0, 0;"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]), "+f"(d[4]), "+f"(d[5]), "+f"(d[6]),
        "+f"(d[7]), "+f"(d[8]), "+f"(d[9]), "+f"(d[10]), "+f"(d[11]), "+f"(d[12]), "+f"(d[13]),
        "+f"(d[14]), "+f"(d[15]), "+f"(d[16]), "+f"(d[17]), "+f"(d[18]), "+f"(d[19]), "+f"(d[20]),
        "+f"(d[21]), "+f"(d[22]), "+f"(d[23]), "+f"(d[24]), "+f"(d[25]), "+f"(d[26]), "+f"(d[27]),
        "+f"(d[28]), "+f"(d[29]), "+f"(d[30]), "+f"(d[31]), "+f"(d[32]), "+f"(d[33]), "+f"(d[34]),
        "+f"(d[35]), "+f"(d[36]), "+f"(d[37]), "+f"(d[38]), "+f"(d[39]), "+f"(d[40]), "+f"(d[41]),
        "+f"(d[42]), "+f"(d[43]), "+f"(d[44]), "+f"(d[45]), "+f"(d[46]), "+f"(d[47]), "+f"(d[48]),
        "+f"(d[49]), "+f"(d[50]), "+f"(d[51]), "+f"(d[52]), "+f"(d[53]), "+f"(d[54]), "+f"(d[55]),
        "+f"(d[56]), "+f"(d[57]), "+f"(d[58]), "+f"(d[59]), "+f"(d[60]), "+f"(d[61]), "+f"(d[62]),
        "+f"(d[63]), "+f"(d[64]), "+f"(d[65]), "+f"(d[66]), "+f"(d[67]), "+f"(d[68]), "+f"(d[69]),
        "+f"(d[70]), "+f"(d[71]), "+f"(d[72]), "+f"(d[73]), "+f"(d[74]), "+f"(d[75]), "+f"(d[76]),
        "+f"(d[77]), "+f"(d[78]), "+f"(d[79]), "+f"(d[80]), "+f"(d[81]), "+f"(d[82]), "+f"(d[83]),
        "+f"(d[84]), "+f"(d[85]), "+f"(d[86]), "+f"(d[87]), "+f"(d[88]), "+f"(d[89]), "+f"(d[90]),
        "+f"(d[91]), "+f"(d[92]), "+f"(d[93]), "+f"(d[94]), "+f"(d[95]), "+f"(d[96]), "+f"(d[97]),
        "+f"(d[98]), "+f"(d[99]), "+f"(d[100]), "+f"(d[101]), "+f"(d[102]), "+f"(d[103]),
        "+f"(d[104]), "+f"(d[105]), "+f"(d[106]), "+f"(d[107]), "+f"(d[108]), "+f"(d[109]),
        "+f"(d[110]), "+f"(d[111]), "+f"(d[112]), "+f"(d[113]), "+f"(d[114]), "+f"(d[115]),
        "+f"(d[116]), "+f"(d[117]), "+f"(d[118]), "+f"(d[119]), "+f"(d[120]), "+f"(d[121]),
        "+f"(d[122]), "+f"(d[123]), "+f"(d[124]), "+f"(d[125]), "+f"(d[126]), "+f"(d[127])
      : "l"(a), "l"(b));
}
#else
struct TensorMap {
  const void* base;
  std::int64_t rows, columns;
  int box_rows;
};

std::uint32_t shared_address(const void* shared);
inline void writes_are_ready() {}
void barrier_init(std::uint64_t* barrier, int arrivals);
inline void barriers_are_ready() {}
void arrive(std::uint64_t* barrier);
void arrive_expecting(std::uint64_t* barrier, int bytes);
void wait_phase(std::uint64_t* barrier, int parity);
void copy_box(void* shared, const TensorMap& map, int row, int column, std::uint64_t* barrier);
inline void begin_products() {}
void commit_products();
void wait_for_products(int in_flight);
template <int kInFlight>
void wait_products() {
  wait_for_products(kInFlight);
}
template <int kCount>
void fewer_registers() {}
template <int kCount>
void more_registers() {}

/// One product of a warpgroup: sums of this thread, and A from its registers if they are named.
struct GroupProduct {
  float* d = nullptr;
  int columns = 0;  ///< Of the product.
  const std::uint32_t* a_registers = nullptr;
  std::uint64_t a = 0, b = 0;
  bool adds = true;
};
void multiply_together(const GroupProduct& product);

inline void multiply_group(float (&d)[128], std::uint64_t a, std::uint64_t b) {
  multiply_together({.d = d, .columns = 256, .a = a, .b = b});
}
#endif

/// Matrix descriptor (PTX ISA 9.7.15.5.1.2) of an operand that begins at `start`, with the 128-byte
/// swizzle; strides in bytes.
PINGJIA_DEVICE std::uint64_t descriptor(const std::byte* start, int leading_stride, int stride) {
  const std::uint64_t address = shared_address(start);
  return (address & 0x3ffff) >> 4 | static_cast<std::uint64_t>(leading_stride >> 4) << 16 |
         static_cast<std::uint64_t>(stride >> 4) << 32 | std::uint64_t{1} << 62;
}

/// Where an operand begins in shared memory: rows of 64 columns as copy_box leaves them, read from
/// 32 bytes times the step of 16 columns on. Eight rows are one stride; the other is not used.
PINGJIA_DEVICE std::uint64_t operand_at(const std::byte* tile, int step) {
  return descriptor(tile + 32 * step, 16, 1024);
}

}  // namespace pingjia::kernels::cuda
