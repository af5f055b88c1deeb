// Short messages that disappear after a while. Bounded: the oldest is dropped. Knows no download.

export type Toast = {
  key: number;
  tone: "success" | "error" | "plain";
  title: string;
  text: string;
  action?: { label: string; run: () => void };
};

const maxToasts = 4;
const displayTime: Record<Toast["tone"], number> = { success: 6_000, error: 12_000, plain: 4_000 };

export class Toasts {
  all = $state.raw<readonly Toast[]>([]);
  #count = 0;

  /** Shows it for `time` ms; returns the key for `dismiss`. */
  show(toast: Omit<Toast, "key">, time = displayTime[toast.tone]): number {
    this.#count += 1;
    const key = this.#count;
    // Replaces an equal message.
    const others = this.all.filter((other) => other.title !== toast.title || other.text !== toast.text);
    this.all = [...others, { ...toast, key }].slice(-maxToasts);
    setTimeout(() => this.dismiss(key), time);
    return key;
  }

  dismiss(key: number): void {
    if (this.all.some((toast) => toast.key === key)) this.all = this.all.filter((toast) => toast.key !== key);
  }
}
