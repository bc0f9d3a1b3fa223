package org.ratescope.results;

import org.jspecify.annotations.Nullable;

/**
 * One image of a data record's picture sheet.
 *
 * @param name which row or pair of the sheet: {@code sample}, a piece's letter, {@code minimum}, a
 *     factor
 * @param position its place there, from 0; of a pair, even for the first image
 * @param distance of the second image of a pair, its Euclidean pixel distance to the first; else
 *     null
 * @param image a PNG file in {@code data:} form
 */
public record DataPicture(String name, int position, @Nullable Double distance, String image) {}
