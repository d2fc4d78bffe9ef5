'use strict';

/**
 * Read a colour such as `#f80` or `#ff8800`.
 *
 * @param {string} text
 * @returns {number[]} red, green and blue from 0 to 255
 */
function parseColour(text) {
  const match = /^#(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(text);
  if (!match) {
    throw new Error(`not a colour: ${text}`);
  }
  const digits = match[2] || match[1].replace(/./g, '$&$&');
  return [0, 2, 4].map(start => parseInt(digits.substr(start, 2), 16));
}

function formatColour(channels) {
  return '#' + channels.map(channel => Math.round(channel).toString(16).padStart(2, '0')).join('');
}

/**
 * Hue in degrees, saturation and lightness from 0 to 1.
 *
 * @param {number} red from 0 to 255, as green and blue
 */
function rgbToHsl(red, green, blue) {
  const [r, g, b] = [red / 255, green / 255, blue / 255];
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const range = max - min;
  const lightness = (max + min) / 2;
  if (range === 0) {
    return { hue: 0, saturation: 0, lightness };
  }
  let hue;
  switch (max) {
    case r:
      hue = ((g - b) / range + 6) % 6;
      break;
    case g:
      hue = (b - r) / range + 2;
      break;
    default:
      hue = (r - g) / range + 4;
  }
  return { hue: hue * 60, saturation: range / (1 - Math.abs(2 * lightness - 1)), lightness };
}

const mix = (first, second, ratio = 0.5) => first.map((channel, index) => channel + (second[index] - channel) * ratio);

/**
 * Contrast of two colours as the accessibility guidelines define it, from 1 to 21.
 *
 * @param {string} foreground
 * @param {string} background
 * @returns {number}
 */
function contrastRatio(foreground, background) {
  const luminance = colour => {
    const [red, green, blue] = parseColour(colour).map(channel => {
      const value = channel / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [lighter, darker] = [luminance(foreground), luminance(background)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

module.exports = { parseColour, formatColour, rgbToHsl, mix, contrastRatio };
