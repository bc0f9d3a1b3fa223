package org.ratescope.dataset.picture;

/**
 * A decoded picture, 8 bits a sample.
 *
 * @param samples rows of pixels, each pixel its channels: [height, width, channels]
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param height rows
 * @param width columns
 */
@SuppressWarnings("ArrayRecordComponent") // a picture is passed on, never compared
public record Pixels(byte[] samples, int channels, int height, int width) {}
