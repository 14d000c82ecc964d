//! The binary interface of DLPack 1.1, as its header `dlpack.h` declares it.
//!
//! Codes are integers with names, not enums: what a producer writes there may be any number.

use std::ffi::c_void;
use std::fmt;

/// A version of DLPack. Another major version is another layout in memory, another minor version adds
/// codes and flags.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DLPackVersion {
    /// The major version.
    pub major: u32,
    /// The minor version.
    pub minor: u32,
}

/// The version that is declared here, and that exported tensors have at most.
pub const VERSION: DLPackVersion = DLPackVersion { major: 1, minor: 1 };

/// The consumer must not write the memory.
pub const FLAG_READ_ONLY: u64 = 1;
/// The memory is a copy that the producer made: the consumer alone owns it.
pub const FLAG_IS_COPIED: u64 = 1 << 1;
/// Elements of less than a byte are padded to one, and not packed.
pub const FLAG_IS_SUBBYTE_TYPE_PADDED: u64 = 1 << 2;

/// Names for the codes of a newtype.
macro_rules! codes {
    ($name:ident: $($(#[$doc:meta])* $code:ident = $value:literal, $text:literal;)*) => {
        impl $name {
            $( $(#[$doc])* pub const $code: $name = $name($value); )*

            /// The name of the code in `dlpack.h`; `None` for one that it does not have.
            pub fn name(self) -> Option<&'static str> {
                match self.0 {
                    $( $value => Some($text), )*
                    _ => None,
                }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.name() {
                    Some(name) => write!(f, "{name} ({})", self.0),
                    None => write!(f, "unknown code {}", self.0),
                }
            }
        }
    };
}

/// What a device is.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DLDeviceType(pub i32);

codes! { DLDeviceType:
    /// The host's memory.
    CPU = 1, "kDLCPU";
    /// CUDA.
    CUDA = 2, "kDLCUDA";
    /// The host's memory, pinned by CUDA.
    CUDA_HOST = 3, "kDLCUDAHost";
    /// OpenCL.
    OPEN_CL = 4, "kDLOpenCL";
    /// Vulkan.
    VULKAN = 7, "kDLVulkan";
    /// Metal.
    METAL = 8, "kDLMetal";
    /// A Verilog simulator.
    VPI = 9, "kDLVPI";
    /// ROCm.
    ROCM = 10, "kDLROCM";
    /// The host's memory, pinned by ROCm.
    ROCM_HOST = 11, "kDLROCMHost";
    /// An extension under test.
    EXT_DEV = 12, "kDLExtDev";
    /// CUDA's managed memory.
    CUDA_MANAGED = 13, "kDLCUDAManaged";
    /// oneAPI's unified shared memory.
    ONE_API = 14, "kDLOneAPI";
    /// WebGPU.
    WEB_GPU = 15, "kDLWebGPU";
    /// Qualcomm Hexagon.
    HEXAGON = 16, "kDLHexagon";
    /// Microsoft MAIA.
    MAIA = 17, "kDLMAIA";
    /// AWS Trainium.
    TRN = 18, "kDLTrn";
}

/// Where a tensor is.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DLDevice {
    /// What the device is.
    pub device_type: DLDeviceType,
    /// Its number among those of its type; 0 for the host.
    pub device_id: i32,
}

impl DLDevice {
    /// The host.
    pub const CPU: DLDevice = DLDevice::new(DLDeviceType::CPU, 0);

    /// The device with this number of its type.
    pub const fn new(device_type: DLDeviceType, device_id: i32) -> DLDevice {
        DLDevice { device_type, device_id }
    }
}

/// The kind of a data type.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DLDataTypeCode(pub u8);

codes! { DLDataTypeCode:
    /// A signed integer.
    INT = 0, "kDLInt";
    /// An unsigned integer.
    UINT = 1, "kDLUInt";
    /// A floating-point number of IEEE 754.
    FLOAT = 2, "kDLFloat";
    /// A handle that says nothing.
    OPAQUE_HANDLE = 3, "kDLOpaqueHandle";
    /// The upper half of a binary32.
    BFLOAT = 4, "kDLBfloat";
    /// Two floating-point numbers: real, imaginary. Bits are those of both.
    COMPLEX = 5, "kDLComplex";
    /// A truth value, in a byte.
    BOOL = 6, "kDLBool";
    /// 8 bits: 3 of exponent, 4 of mantissa.
    FLOAT8_E3M4 = 7, "kDLFloat8_e3m4";
    /// 8 bits: 4 of exponent, 3 of mantissa.
    FLOAT8_E4M3 = 8, "kDLFloat8_e4m3";
    /// 8 bits: 4 of exponent with bias 11, 3 of mantissa, no infinities, no -0.
    FLOAT8_E4M3B11FNUZ = 9, "kDLFloat8_e4m3b11fnuz";
    /// 8 bits: 4 of exponent, 3 of mantissa, no infinities.
    FLOAT8_E4M3FN = 10, "kDLFloat8_e4m3fn";
    /// 8 bits: 4 of exponent, 3 of mantissa, no infinities, no -0.
    FLOAT8_E4M3FNUZ = 11, "kDLFloat8_e4m3fnuz";
    /// 8 bits: 5 of exponent, 2 of mantissa.
    FLOAT8_E5M2 = 12, "kDLFloat8_e5m2";
    /// 8 bits: 5 of exponent, 2 of mantissa, no infinities, no -0.
    FLOAT8_E5M2FNUZ = 13, "kDLFloat8_e5m2fnuz";
    /// 8 bits of exponent.
    FLOAT8_E8M0FNU = 14, "kDLFloat8_e8m0fnu";
    /// 6 bits: 2 of exponent, 3 of mantissa.
    FLOAT6_E2M3FN = 15, "kDLFloat6_e2m3fn";
    /// 6 bits: 3 of exponent, 2 of mantissa.
    FLOAT6_E3M2FN = 16, "kDLFloat6_e3m2fn";
    /// 4 bits: 2 of exponent, 1 of mantissa.
    FLOAT4_E2M1FN = 17, "kDLFloat4_e2m1fn";
}

/// The type of an element, in the byte order of the machine.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DLDataType {
    /// Its kind.
    pub code: DLDataTypeCode,
    /// Its bits.
    pub bits: u8,
    /// How many of it an element consists of: 1, but for vectors of fixed length.
    pub lanes: u16,
}

/// Memory, and how an array lies in it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct DLTensor {
    /// The memory; null for an array without elements.
    pub data: *mut c_void,
    /// Where it is.
    pub device: DLDevice,
    /// The number of dimensions.
    pub ndim: i32,
    /// The type of the elements.
    pub dtype: DLDataType,
    /// The length of each dimension.
    pub shape: *mut i64,
    /// For each dimension, how many elements lie between neighbours along it; null for row-major order
    /// without gaps.
    pub strides: *mut i64,
    /// Bytes from `data` to the first element.
    pub byte_offset: u64,
}

/// A tensor with its owner, as it was before DLPack 1.0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct DLManagedTensor {
    /// The tensor.
    pub dl_tensor: DLTensor,
    /// What the producer needs to free it.
    pub manager_ctx: *mut c_void,
    /// Frees the tensor, this structure included; may be missing.
    pub deleter: Option<unsafe extern "C" fn(*mut DLManagedTensor)>,
}

/// A tensor with its owner.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct DLManagedTensorVersioned {
    /// The version that the producer speaks. Everything before `dl_tensor` is the same in all of them.
    pub version: DLPackVersion,
    /// What the producer needs to free it.
    pub manager_ctx: *mut c_void,
    /// Frees the tensor, this structure included; may be missing.
    pub deleter: Option<unsafe extern "C" fn(*mut DLManagedTensorVersioned)>,
    /// What is to be known about the memory: [`FLAG_READ_ONLY`], [`FLAG_IS_COPIED`],
    /// [`FLAG_IS_SUBBYTE_TYPE_PADDED`].
    pub flags: u64,
    /// The tensor.
    pub dl_tensor: DLTensor,
}

// The layouts that C compilers give the header's structures.
const _: () = {
    use std::mem::{align_of, offset_of, size_of};
    assert!(size_of::<DLPackVersion>() == 8 && align_of::<DLPackVersion>() == 4);
    assert!(size_of::<DLDevice>() == 8 && offset_of!(DLDevice, device_id) == 4);
    assert!(size_of::<DLDataType>() == 4 && align_of::<DLDataType>() == 2);
    assert!(offset_of!(DLDataType, bits) == 1 && offset_of!(DLDataType, lanes) == 2);
    assert!(offset_of!(DLTensor, data) == 0 && offset_of!(DLManagedTensor, dl_tensor) == 0);
    assert!(offset_of!(DLManagedTensorVersioned, version) == 0);
    #[cfg(target_pointer_width = "64")]
    {
        assert!(size_of::<DLTensor>() == 48 && align_of::<DLTensor>() == 8);
        assert!(offset_of!(DLTensor, device) == 8 && offset_of!(DLTensor, ndim) == 16);
        assert!(offset_of!(DLTensor, dtype) == 20 && offset_of!(DLTensor, shape) == 24);
        assert!(offset_of!(DLTensor, strides) == 32 && offset_of!(DLTensor, byte_offset) == 40);
        assert!(size_of::<DLManagedTensor>() == 64);
        assert!(offset_of!(DLManagedTensor, manager_ctx) == 48);
        assert!(offset_of!(DLManagedTensor, deleter) == 56);
        assert!(size_of::<DLManagedTensorVersioned>() == 80);
        assert!(offset_of!(DLManagedTensorVersioned, manager_ctx) == 8);
        assert!(offset_of!(DLManagedTensorVersioned, deleter) == 16);
        assert!(offset_of!(DLManagedTensorVersioned, flags) == 24);
        assert!(offset_of!(DLManagedTensorVersioned, dl_tensor) == 32);
    }
};
