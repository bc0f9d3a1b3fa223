package org.ratescope.dataset.hdf5.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The texts of values: padded to one length, or of variable length in heaps of the file, where a
 * value is a length and a location (section III.E).
 */
public final class VariableLengthText {
  private final Hdf5File in;
  private final Datatype type;
  private final Map<String, String> different = new HashMap<>(); // stores each distinct text once
  private final Map<Long, Map<Integer, ByteBuffer>> heaps = new HashMap<>();
  private long heapBytes;

  public VariableLengthText(Hdf5File in, Datatype type) {
    this.in = in;
    this.type = type;
  }

  /** The text of the value in a buffer. */
  public String read(int index, ByteBuffer value) throws IOException {
    ByteBuffer bytes = type.text() == Datatype.Text.ANY_LENGTH ? inHeap(value) : unpadded(value);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      String before = different.putIfAbsent(text, text);
      return before == null ? text : before;
    } catch (CharacterCodingException e) {
      throw in.error("the text at position %d is neither ASCII nor UTF-8".formatted(index));
    }
  }

  private ByteBuffer unpadded(ByteBuffer value) {
    int end = 0;
    switch (type.text()) {
      case ENDED -> {
        while (end < value.limit() && value.get(end) != 0) {
          end++;
        }
      }
      default -> {
        int padding = type.text() == Datatype.Text.SPACES ? ' ' : 0;
        end = value.limit();
        while (end > 0 && value.get(end - 1) == padding) {
          end--;
        }
      }
    }
    return value.slice(0, end);
  }

  private ByteBuffer inHeap(ByteBuffer value) throws IOException {
    value.order(ByteOrder.LITTLE_ENDIAN);
    long length = Integer.toUnsignedLong(value.getInt());
    long address = in.offset(value);
    int object = value.getInt();
    if (length == 0) {
      return ByteBuffer.allocate(0);
    }
    Map<Integer, ByteBuffer> heap = heaps.get(address);
    if (heap == null) {
      heap = heap(address);
      heaps.put(address, heap);
    }
    ByteBuffer text = heap.get(object);
    if (text == null || length > text.limit()) {
      throw in.error(
          "a text of %d bytes as object %d of the heap at offset %d, which does not have it"
              .formatted(length, object, address));
    }
    ByteBuffer bytes = text.slice(0, (int) length);
    int end = 0; // some writers count the zero that ends a text
    while (end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    return bytes.slice(0, end);
  }

  /** The objects of a heap, by their numbers. */
  private Map<Integer, ByteBuffer> heap(long address) throws IOException {
    ByteBuffer head = in.block(address, 8 + in.lengthBytes());
    if (head.getInt() != ObjectHeader.signature("GCOL")) {
      throw in.error("no GCOL at offset %d".formatted(address));
    }
    head.position(8);
    long size = in.length(head);
    heapBytes += size;
    if (!(size >= head.limit() && heapBytes <= in.size())) { // heaps never share bytes
      throw in.error("a heap of %d bytes at offset %d".formatted(size, address));
    }
    ByteBuffer block = in.block(address, size).position(head.limit());
    Map<Integer, ByteBuffer> objects = new HashMap<>();
    int step = 8 + in.lengthBytes();
    while (block.remaining() >= step) {
      int number = Short.toUnsignedInt(block.getShort());
      block.position(block.position() + 6); // reference count
      long bytes = in.length(block);
      if (number == 0) {
        break; // free space
      }
      if (!(bytes >= 0 && bytes <= block.remaining())) {
        throw in.error(
            "object %d of %d bytes in the heap at offset %d".formatted(number, bytes, address));
      }
      objects.put(number, block.slice(block.position(), (int) bytes));
      block.position(Math.min(block.limit(), block.position() + Math.ceilDiv((int) bytes, 8) * 8));
    }
    return objects;
  }
}
