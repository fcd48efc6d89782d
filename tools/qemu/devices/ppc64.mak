# SPDX-License-Identifier: GPL-2.0-only
# The devices of the ppc64 binary: a pseries machine with virtio over PCI.
CONFIG_PSERIES=y
# PSERIES does not link without the first nor start without the second.
CONFIG_USB=y
CONFIG_NVDIMM=y
CONFIG_VIRTIO_PCI=y
CONFIG_VIRTIO_BLK=y
CONFIG_VIRTIO_NET=y
CONFIG_VIRTIO_RNG=y
