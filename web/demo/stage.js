/** Pointers that nobody moved for this long fade. */
const idleAfter = 6_000;

/** How long what somebody said stays beside their pointer. */
const bubbleTime = 5_000;

/** More pointers than this would only be noise; the people list still shows everyone. */
const mostDrawn = 150;

/** Right of this share of the stage, names and words stand left of their pointer. */
const flipBeyond = 0.75;

/** One arrow key press moves the pointer by this share of the stage. */
const keyStep = 0.02;
const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A pause between two positions we send: 30 per second. */
const sendPause = 1000 / 30;

/**
 * The area in which pointers move: draws those of others, and reports ours by `moved(x, y)`, at
 * most once per frame and 30 times a second. Positions are shares of the stage, 0 to 1.
 */
export class Stage {
  #element;
  #layer;
  #moved;
  #position;
  #sentAt = 0;
  #frame = 0;
  #own;

  constructor(element, layer, moved) {
    this.#element = element;
    this.#layer = layer;
    this.#moved = moved;
    element.addEventListener("pointermove", (event) => this.#follow(event));
    element.addEventListener("pointerdown", (event) => this.#follow(event));
    element.addEventListener("keydown", (event) => this.#press(event));
    element.addEventListener("blur", () => this.#own?.classList.remove("placed"));
  }

  /** Where our own pointer was last, or undefined. */
  get position() {
    return this.#position;
  }

  /** Draws `peer` at its x and y. */
  place(peer) {
    peer.pointer ??= this.#draw(peer);
    if (!peer.pointer) return;
    put(peer.pointer, peer);
    peer.pointer.classList.add("placed");
    peer.pointer.classList.remove("idle");
    clearTimeout(peer.idleTimer);
    peer.idleTimer = setTimeout(() => peer.pointer?.classList.add("idle"), idleAfter);
  }

  /** Shows what `peer` said beside its pointer for a while. */
  say(peer, text) {
    const bubble = peer.pointer?.querySelector(".bubble");
    if (!bubble) return;
    bubble.textContent = text;
    clearTimeout(peer.bubbleTimer);
    peer.bubbleTimer = setTimeout(() => bubble.replaceChildren(), bubbleTime);
  }

  rename(peer) {
    if (peer.pointer) peer.pointer.querySelector(".tag").textContent = peer.name;
  }

  remove(peer) {
    clearTimeout(peer.idleTimer);
    clearTimeout(peer.bubbleTimer);
    peer.pointer?.remove();
    peer.pointer = undefined;
  }

  #draw(peer) {
    if (this.#layer.childElementCount >= mostDrawn) return undefined;
    const pointer = makePointer(peer);
    this.#layer.append(pointer);
    return pointer;
  }

  #follow(event) {
    const { left, top, width, height } = this.#element.getBoundingClientRect();
    this.#own?.classList.remove("placed");
    this.#move((event.clientX - left) / width, (event.clientY - top) / height);
  }

  /** With the keyboard there is no system pointer to see: we draw our own. */
  #press(event) {
    const arrow = arrows[event.key];
    if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { x, y } = this.#position ?? { x: 0.4, y: 0.5 };
    const step = event.shiftKey ? keyStep * 4 : keyStep;
    this.#move(x + arrow[0] * step, y + arrow[1] * step);
    this.#own ??= this.#draw({ name: "you", hue: 280 });
    if (!this.#own) return;
    put(this.#own, this.#position);
    this.#own.classList.add("placed");
  }

  #move(x, y) {
    this.#position = { x: clamp(x), y: clamp(y) };
    this.#frame ||= requestAnimationFrame((now) => this.#report(now));
  }

  #report(now) {
    this.#frame = 0;
    if (now - this.#sentAt < sendPause - 1) {
      this.#frame = requestAnimationFrame((later) => this.#report(later));
      return;
    }
    this.#sentAt = now;
    this.#moved(this.#position.x, this.#position.y);
  }
}

function makePointer({ name, hue }) {
  const template = document.createElement("template");
  template.innerHTML = `
    <div class="pointer">
      <svg viewBox="0 0 24 24"><path d="M4 3l16.5 9.6-7.3 1.7-3.9 6.6z"/></svg>
      <div class="tag"></div>
      <div class="bubble"></div>
    </div>`;
  const pointer = template.content.firstElementChild;
  pointer.style.setProperty("--hue", hue);
  pointer.querySelector(".tag").textContent = name;
  return pointer;
}

function put(element, { x, y }) {
  element.style.setProperty("--x", x);
  element.style.setProperty("--y", y);
  element.classList.toggle("flip", x > flipBeyond);
}

function clamp(share) {
  return Math.min(1, Math.max(0, share));
}
