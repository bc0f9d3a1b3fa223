package org.ratescope.figure;

/** What a figure is written as: a file of that extension each. */
public enum FigureFormat {
  /** Vectors, with the typeface in the file. */
  SVG,
  /** Pixels: two for each unit, or 300 for each inch of a given width. */
  PNG,
  /** The rows: one for each point of curves. */
  CSV,
  /** A page of the figure's size: vectors, and text with embedded fonts. */
  PDF,
  /** The rows as a LaTeX {@code tabular}. */
  TEX,
  /** Heading and caption. */
  TXT
}
