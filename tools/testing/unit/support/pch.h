/* SPDX-License-Identifier: GPL-2.0-only */
/* What each test includes anyway, and takes longest to compile. */
#include <gtest/gtest.h>
