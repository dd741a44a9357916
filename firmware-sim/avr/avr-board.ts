/**
 * The reference board in avr8js: an ATmega328P at 16 MHz that runs the firmware's image, with voltages on its
 * ADC pins and bytes on its serial line.
 */
import {
  ADCMuxInputType,
  AVRADC,
  AVRIOPort,
  AVRTimer,
  AVRUSART,
  adcConfig,
  avrInstruction,
  CPU,
  PinState,
  portBConfig,
  timer1Config,
  usart0Config,
} from 'avr8js';

export const CLOCK_HZ = 16_000_000;
export const FLASH_BYTES = 32 * 1024;
const SLEEP = 0x9588;
const ADC_MAX = 1023;

/** Arduino's D8, D10 and D11, as pins of port B. */
const PIN = { testPulse: 0, leadOffPlus: 2, leadOffMinus: 3 } as const;

/** avr8js keeps its event list to itself, but there is no other way to know how long nothing happens. */
interface ClockEvents {
  readonly nextClockEvent: { readonly cycles: number } | null;
}

export interface AvrBoardOptions {
  readonly image: Uint8Array;
  /** Volts on ADC pin `channel` at `cycles` after power-on; called when a conversion begins. */
  readonly volts: (channel: number, cycles: number) => number;
  readonly onByte: (byte: number) => void;
}

export class AvrBoard {
  readonly #cpu: CPU;
  readonly #usart: AVRUSART;
  readonly #portB: AVRIOPort;
  readonly #received: number[] = [];

  constructor({ image, volts, onByte }: AvrBoardOptions) {
    const cpu = new CPU(new Uint16Array(image.buffer, image.byteOffset, image.length / 2));
    this.#cpu = cpu;
    new AVRTimer(cpu, timer1Config);
    this.#portB = new AVRIOPort(cpu, portBConfig);
    this.#usart = new AVRUSART(cpu, usart0Config, CLOCK_HZ);
    this.#usart.onByteTransmit = onByte;
    this.#usart.onRxComplete = () => this.#receiveNext();
    const adc = new AVRADC(cpu, adcConfig);
    adc.onADCRead = (input) => {
      const pin = input.type === ADCMuxInputType.SingleEnded ? input.channel : null;
      const share = pin === null ? 0 : volts(pin, cpu.cycles) / adc.referenceVoltage;
      const count = Math.max(0, Math.min(ADC_MAX, Math.floor(share * (ADC_MAX + 1))));
      cpu.addClockEvent(() => adc.completeADCRead(count), adc.sampleCycles);
    };
  }

  get cycles(): number {
    return this.#cpu.cycles;
  }

  /** The firmware asks for 1 mV at the electrodes. */
  get testPulse(): boolean {
    return this.#portB.pinState(PIN.testPulse) === PinState.High;
  }

  setLeadOff(plus: boolean, minus: boolean): void {
    this.#portB.setPin(PIN.leadOffPlus, plus);
    this.#portB.setPin(PIN.leadOffMinus, minus);
  }

  /** Bytes on the board's RX pin, at the line's speed. */
  receive(bytes: Uint8Array): void {
    this.#received.push(...bytes);
    this.#receiveNext();
  }

  /** Runs until the clock stands at `cycles`. */
  run(cycles: number): void {
    const cpu = this.#cpu;
    while (cpu.cycles < cycles) {
      const asleep = cpu.progMem[cpu.pc] === SLEEP;
      avrInstruction(cpu);
      if (asleep) this.#sleep(cycles);
      else cpu.tick();
    }
  }

  /** Asleep, nothing happens before the next clock event; an interrupt wakes (and moves the program counter). */
  #sleep(cycles: number): void {
    const cpu = this.#cpu;
    const { pc } = cpu;
    cpu.tick();
    while (cpu.pc === pc && cpu.cycles < cycles) {
      const next = (cpu as unknown as ClockEvents).nextClockEvent;
      if (next === null) return;
      cpu.cycles = Math.max(cpu.cycles, Math.min(next.cycles, cycles));
      cpu.tick();
    }
  }

  #receiveNext(): void {
    const next = this.#received[0];
    if (next !== undefined && this.#usart.writeByte(next) === true) this.#received.shift();
  }
}
