// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames of registers in the guest's memory, on KVM's MMIO bus. KVM has decoded
 * the access by then and turned a big-endian guest's bytes: what we get is in the
 * order of the bus, which is little-endian, as the controllers are.
 */
#include <kvm/iodev.h>

#include "compat.h"
#include "vintc.h"

static struct vintc_frame *frame_of(struct kvm_io_device *io)
{
	return container_of(io, struct vintc_frame, io);
}

static u64 value_of(const void *bytes, int width)
{
	switch (width) {
	case 1:
		return *(const u8 *)bytes;
	case 2:
		return get_unaligned_le16(bytes);
	case 4:
		return get_unaligned_le32(bytes);
	}
	return get_unaligned_le64(bytes);
}

static void put_value(void *bytes, int width, u64 value)
{
	switch (width) {
	case 1:
		*(u8 *)bytes = value;
		break;
	case 2:
		put_unaligned_le16(value, bytes);
		break;
	case 4:
		put_unaligned_le32(value, bytes);
		break;
	default:
		put_unaligned_le64(value, bytes);
	}
}

/* Has an architecture a wider access, or one of another width, it is not ours. */
static bool is_width(int width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

static int frame_read(struct kvm_vcpu *vcpu, struct kvm_io_device *io, gpa_t addr, int width,
		      void *bytes)
{
	struct vintc_frame *frame = frame_of(io);

	if (!is_width(width))
		return -EOPNOTSUPP;
	put_value(bytes, width,
		  frame->ops->read(frame->dev, vcpu, frame->number, addr - frame->base, width));
	return 0;
}

static int frame_write(struct kvm_vcpu *vcpu, struct kvm_io_device *io, gpa_t addr, int width,
		       const void *bytes)
{
	struct vintc_frame *frame = frame_of(io);

	if (!is_width(width))
		return -EOPNOTSUPP;
	frame->ops->write(frame->dev, vcpu, frame->number, addr - frame->base, width,
			  value_of(bytes, width));
	return 0;
}

static const struct kvm_io_device_ops frame_io_ops = {
	.read = frame_read,
	.write = frame_write,
};

int vintc_frames_map(struct vintc_device *dev, struct vintc_frame *frames, u32 count)
{
	u32 i;
	int r;

	for (i = 0; i < count; i++) {
		kvm_iodevice_init(&frames[i].io, &frame_io_ops);
		frames[i].dev = dev;
		r = vintc_io_bus_register(dev->kvm, KVM_MMIO_BUS, frames[i].base, frames[i].size,
					  &frames[i].io);
		if (r)
			goto undo;
	}
	return 0;

undo:
	vintc_frames_unmap(dev, frames, i);
	return r;
}

void vintc_frames_unmap(struct vintc_device *dev, struct vintc_frame *frames, u32 count)
{
	while (count--)
		vintc_io_bus_unregister(dev->kvm, KVM_MMIO_BUS, &frames[count].io);
}
