/* SPDX-License-Identifier: GPL-2.0-only */
/* The image in the module: read-only data, to be copied to where it can run. */
	.section ".rodata", "a"
	.balign	8
	.globl	vintc_real_image, vintc_real_image_end
vintc_real_image:
	.incbin VINTC_REAL_IMAGE
vintc_real_image_end:
