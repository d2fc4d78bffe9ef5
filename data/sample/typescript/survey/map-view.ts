import { Box, Point } from './geometry';

export interface Marker {
  position: Point;
  label: string;
  element: HTMLElement;
  isSelected: boolean;
}

export type MarkerCallback = (marker: Marker, event: MouseEvent) => void;

/** Shows markers in a rectangle of the page. */
export class MapView {
  private readonly container: HTMLElement;
  private readonly markers: Marker[] = [];
  private bounds: Box;
  private zoom: number = 1;
  private onSelect: MarkerCallback | null = null;

  constructor(container: HTMLElement, bounds: Box) {
    this.container = container;
    this.bounds = bounds;
    container.addEventListener('wheel', (event: WheelEvent): void => this.handleWheel(event));
  }

  setCallback(callback: MarkerCallback): void {
    this.onSelect = callback;
  }

  addMarker(position: Point, label: string): Marker {
    const element: HTMLElement = document.createElement('span');
    const marker: Marker = { position, label, element, isSelected: false };
    element.textContent = label;
    element.addEventListener('click', (event: MouseEvent): void => {
      this.select(marker);
      this.onSelect?.(marker, event);
    });
    this.container.append(element);
    this.markers.push(marker);
    this.place(marker);
    return marker;
  }

  removeMarker(marker: Marker): boolean {
    const index: number = this.markers.indexOf(marker);
    if (index < 0) return false;
    this.markers.splice(index, 1);
    marker.element.remove();
    return true;
  }

  select(selected: Marker): void {
    for (const marker of this.markers) {
      marker.isSelected = marker === selected;
      marker.element.classList.toggle('is-selected', marker.isSelected);
    }
  }

  get selection(): Marker | undefined {
    return this.markers.find((marker: Marker) => marker.isSelected);
  }

  toScreen(point: Point): Point {
    const scaleX: number = (this.container.clientWidth / this.bounds.width) * this.zoom;
    const scaleY: number = (this.container.clientHeight / this.bounds.height) * this.zoom;
    return { x: (point.x - this.bounds.left) * scaleX, y: (point.y - this.bounds.top) * scaleY };
  }

  zoomBy(factor: number): number {
    this.zoom = Math.min(16, Math.max(1, this.zoom * factor));
    this.markers.forEach((marker: Marker) => this.place(marker));
    return this.zoom;
  }

  private handleWheel(event: WheelEvent): void {
    event.preventDefault();
    const factor: number = event.deltaY < 0 ? 1.25 : 0.8;
    this.zoomBy(factor);
  }

  private place(marker: Marker): void {
    const { x, y }: Point = this.toScreen(marker.position);
    marker.element.style.transform = `translate(${x}px, ${y}px)`;
  }
}

export function formatPosition(point: Point, digits: number = 2): string {
  return `${point.x.toFixed(digits)} / ${point.y.toFixed(digits)}`;
}

export function parsePosition(text: string): Point | null {
  const parts: string[] = text.split('/').map((part: string) => part.trim());
  const [x, y]: number[] = parts.map(Number);
  const isComplete: boolean = parts.length === 2 && !Number.isNaN(x) && !Number.isNaN(y);
  return isComplete ? { x, y } : null;
}
