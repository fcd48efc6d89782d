/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The integer types of the core, by the kernel's names. They are the kernel's
 * own types too, so controller.h and platform.h mean the same to C and to C++.
 */
#ifndef VINTC_CORE_TYPES_H
#define VINTC_CORE_TYPES_H

#ifdef __cplusplus
using u8 = unsigned char;
using u16 = unsigned short;
using u32 = unsigned int;
using u64 = unsigned long long;
using s32 = int;

static_assert(sizeof(u8) == 1 && sizeof(u16) == 2 && sizeof(u32) == 4 && sizeof(u64) == 8);
#else
#include <linux/types.h>
#endif

#endif /* VINTC_CORE_TYPES_H */
