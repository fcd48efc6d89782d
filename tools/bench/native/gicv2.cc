// SPDX-License-Identifier: GPL-2.0-only
/* GICv2: what the core does for one interrupt, from its cause to its end. */
#include "rows.h"

#include <memory>

namespace vintc::native {

namespace {

constexpr u32 kSgi = 5, kSpi = 40, kIrqs = 64;
constexpr u32 kGicdCtlr = 0x000, kGicdIsenabler = 0x100, kGicdItargetsr = 0x800, kGicdIcfgr = 0xc00,
	      kGicdSgir = 0xf00;
constexpr u32 kGiccCtlr = 0x00, kGiccPmr = 0x04, kGiccIar = 0x0c, kGiccEoir = 0x10;

/* With one CPU, on which everything is enabled and admitted. */
class Gic {
public:
	Gic() : gic_(vintc_gic_create(nullptr), vintc_gic_destroy)
	{
		expect(gic_ != nullptr, "vintc_gic_create");
		expect(vintc_gic_connect(gic_.get(), 0, &vcpu_, 0, nullptr, &cpu_) == VINTC_OK,
		       "vintc_gic_connect");
		expect(vintc_gic_init(gic_.get(), kIrqs) == VINTC_OK, "vintc_gic_init");
		write(VINTC_GICD, kGicdCtlr, 1);
		write(VINTC_GICD, kGicdIcfgr + kSpi / 16 * 4, 2u << kSpi % 16 * 2);
		write(VINTC_GICD, kGicdItargetsr + kSpi / 4 * 4, 1u << kSpi % 4 * 8);
		write(VINTC_GICD, kGicdIsenabler + kSpi / 32 * 4, 1u << kSpi % 32);
		write(VINTC_GICC, kGiccPmr, 0xff);
		write(VINTC_GICC, kGiccCtlr, 1);
	}

	void sgi() { write(VINTC_GICD, kGicdSgir, 1u << 16 | kSgi); }

	void spi()
	{
		expect(vintc_gic_inject(gic_.get(), nullptr, kSpi, VINTC_PULSE) == VINTC_DELIVERED,
		       "vintc_gic_inject");
	}

	/* The guest is entered, takes the interrupt, and after each trap is entered again. */
	void take(u32 intid)
	{
		expect(enter() == VINTC_GIC_LINE_IRQ, "no line is up at the entry");
		expect(vintc_gic_read(gic_.get(), cpu_, VINTC_GICC, kGiccIar, 4) == intid,
		       "GICC_IAR");
		enter();
		write(VINTC_GICC, kGiccEoir, intid);
		expect(enter() == 0, "a line stays up");
	}

private:
	u32 enter() { return vintc_gic_enter(gic_.get(), cpu_, 0); }

	void write(vintc_gic_frame frame, u32 offset, u32 value)
	{
		vintc_gic_write(gic_.get(), cpu_, frame, offset, 4, value);
	}

	std::unique_ptr<vintc_gic, void (*)(vintc_gic *)> gic_;
	Cpu vcpu_ = {};
	vintc_gic_cpu *cpu_ = nullptr;
};

Repeat sgi_cycle()
{
	auto gic = std::make_shared<Gic>();

	return [=](u64 times) {
		while (times--) {
			gic->sgi();
			gic->take(kSgi);
		}
	};
}

Repeat spi_cycle()
{
	auto gic = std::make_shared<Gic>();

	return [=](u64 times) {
		while (times--) {
			gic->spi();
			gic->take(kSpi);
		}
	};
}

} // namespace

std::vector<Row> gicv2_rows()
{
	return { { "sgi-cycle", sgi_cycle }, { "spi-cycle", spi_cycle } };
}

} // namespace vintc::native
