// The packages with ONNX Runtime's CUDA provider and the libraries that it loads, as published on PyPI: wheels for
// Linux x64, pinned by their SHA-256 checksums. The runtime is built from the same commit as onnxruntime-node.

/** A wheel, and what is kept of it. */
export interface CudaPackage {
  readonly name: string;
  readonly version: string;
  /** Its name ends in the Python version, the ABI and the platforms. */
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly license: string;
  /** The files that are kept, by their names. */
  readonly keep: RegExp;
  /** Bytes of these files. */
  readonly unpacked: number;
  /** The libraries that must be found, in the order in which they load. */
  readonly libraries: readonly string[];
}

const cudaLicense = 'NVIDIA CUDA Toolkit EULA (docs.nvidia.com/cuda/eula)';

export const onnxRuntime: CudaPackage = {
  name: 'onnxruntime-gpu',
  version: '1.30.0',
  file: 'onnxruntime_gpu-1.30.0-cp312-cp312-manylinux_2_28_x86_64.whl',
  size: 246_685_715,
  sha256: '6acc0f4b3d5ac5f2984432faa59dd8fcce6775f8b43a7140afa0f322c7a703b1',
  license: 'MIT',
  keep: /^libonnxruntime(\.so\.1\.30\.0|_providers_(shared|cuda)\.so)$/,
  unpacked: 301_127_512,
  libraries: ['libonnxruntime.so.1.30.0', 'libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'],
};

/** What the provider loads: of CUDA 13, whose first driver is 580. (It needs cuFFT for Fourier transforms only.) */
const cudaLibraries: readonly CudaPackage[] = [
  {
    name: 'nvidia-cuda-runtime',
    version: '13.0.96',
    file: 'nvidia_cuda_runtime-13.0.96-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    size: 2_243_632,
    sha256: '7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548',
    license: cudaLicense,
    keep: /^libcudart\.so\.13$/,
    unpacked: 704_288,
    libraries: ['libcudart.so.13'],
  },
  {
    name: 'nvidia-cuda-nvrtc',
    version: '13.0.88',
    file: 'nvidia_cuda_nvrtc-13.0.88-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    size: 90_215_200,
    sha256: 'ad9b6d2ead2435f11cbb6868809d2adeeee302e9bb94bcf0539c7a40d80e8575',
    license: cudaLicense,
    keep: /^libnvrtc(-builtins\.so\.13\.0|\.so\.13)$/,
    unpacked: 113_718_680,
    libraries: ['libnvrtc.so.13'],
  },
  {
    name: 'nvidia-cublas',
    version: '13.0.2.14',
    file: 'nvidia_cublas-13.0.2.14-py3-none-manylinux_2_27_x86_64.whl',
    size: 420_882_912,
    sha256: '0cf238ffdbe46c00cb9aa98e7bca745c223a5ca5a53e686ac8b3e5a08fe80d6c',
    license: cudaLicense,
    keep: /^libcublas(Lt)?\.so\.13$/,
    unpacked: 593_973_192,
    libraries: ['libcublasLt.so.13', 'libcublas.so.13'],
  },
  {
    name: 'nvidia-curand',
    version: '10.4.0.35',
    file: 'nvidia_curand-10.4.0.35-py3-none-manylinux_2_27_x86_64.whl',
    size: 59_544_258,
    sha256: '1aee33a5da6e1db083fe2b90082def8915f30f3248d5896bcec36a579d941bfc',
    license: cudaLicense,
    keep: /^libcurand\.so\.10$/,
    unpacked: 132_698_328,
    libraries: ['libcurand.so.10'],
  },
  {
    name: 'nvidia-cudnn-cu13',
    version: '9.28.1.4',
    file: 'nvidia_cudnn_cu13-9.28.1.4-py3-none-manylinux_2_27_x86_64.whl',
    size: 516_817_937,
    sha256: 'a54f205b1db1f2895d99f398754db1369816f0569dd459731f925635cf7b65ec',
    license: 'NVIDIA cuDNN SLA (docs.nvidia.com/deeplearning/cudnn)',
    keep: /^libcudnn(_[a-z_]+)?\.so\.9$/,
    unpacked: 940_113_128,
    libraries: ['libcudnn.so.9'],
  },
];

export const cudaPackages: readonly CudaPackage[] = [onnxRuntime, ...cudaLibraries];

/** The folder of an installed package in the folder of all. */
export const packageFolder = ({ name, version }: CudaPackage): string => `${name}-${version}`;
