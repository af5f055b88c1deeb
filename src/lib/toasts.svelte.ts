// Short messages that come and go. Bounded: the oldest makes room. Knows no download.

export type Toast = {
  key: number;
  tone: "good" | "bad";
  title: string;
  text: string;
  action?: { label: string; run: () => void };
};

const kept = 4;
const shown = { good: 6_000, bad: 12_000 };

export class Toasts {
  all = $state.raw<readonly Toast[]>([]);
  #count = 0;

  show(toast: Omit<Toast, "key">): void {
    this.#count += 1;
    const key = this.#count;
    // The same words twice tell nothing new.
    const others = this.all.filter((other) => other.title !== toast.title || other.text !== toast.text);
    this.all = [...others, { ...toast, key }].slice(-kept);
    setTimeout(() => this.dismiss(key), shown[toast.tone]);
  }

  dismiss(key: number): void {
    if (this.all.some((toast) => toast.key === key)) this.all = this.all.filter((toast) => toast.key !== key);
  }
}
