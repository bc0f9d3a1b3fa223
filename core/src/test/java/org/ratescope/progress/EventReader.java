package org.ratescope.progress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A reader of event files that shares nothing with their writer: its own CRC-32C, bit by bit from
 * the polynomial, and its own protocol buffers.
 */
final class EventReader {
  /** Castagnoli's polynomial, its bits reversed. */
  private static final int POLYNOMIAL = 0x82F63B78;

  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private EventReader() {}

  /** A field of a message: its number and its value, a varint, fixed bits or bytes. */
  record Field(int number, long bits, ByteBuffer bytes) {
    String text() {
      return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    Message message() {
      return Message.parse(bytes);
    }

    float single() {
      return Float.intBitsToFloat((int) bits);
    }

    double real() {
      return Double.longBitsToDouble(bits);
    }
  }

  /** A message as its fields in order. */
  record Message(List<Field> fields) {
    static Message parse(byte[] bytes) {
      return parse(ByteBuffer.wrap(bytes));
    }

    private static Message parse(ByteBuffer bytes) {
      ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      List<Field> fields = new ArrayList<>();
      while (in.hasRemaining()) {
        long tag = varint(in);
        int number = (int) (tag >>> 3);
        switch ((int) (tag & 7)) {
          case 0 -> fields.add(new Field(number, varint(in), NONE));
          case 1 -> fields.add(new Field(number, in.getLong(), NONE));
          case 2 -> {
            int size = (int) varint(in);
            fields.add(new Field(number, 0, in.slice(in.position(), size)));
            in.position(in.position() + size);
          }
          case 5 -> fields.add(new Field(number, in.getInt(), NONE));
          default -> throw new IllegalArgumentException("wire type " + (tag & 7));
        }
      }
      return new Message(fields);
    }

    private static long varint(ByteBuffer in) {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte next = in.get();
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("a varint of more than ten bytes");
    }

    Stream<Field> all(int number) {
      return fields.stream().filter(field -> field.number() == number);
    }

    Field one(int number) {
      List<Field> found = all(number).toList();
      if (found.size() != 1) {
        throw new IllegalArgumentException(found.size() + " fields of number " + number);
      }
      return found.getFirst();
    }

    boolean has(int number) {
      return all(number).findAny().isPresent();
    }
  }

  /** A number of a run: what its tag is, when and how much. */
  record Scalar(String tag, long step, float value) {}

  /** The events of a file. */
  static List<Message> events(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Message> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = taken(in, 8);
      byte[] data =
          taken(in, (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
      events.add(Message.parse(data));
    }
    return events;
  }

  /** So many bytes, whose checksum follows them. */
  private static byte[] taken(ByteBuffer in, int size) {
    byte[] bytes = new byte[size];
    in.get(bytes);
    int checksum = in.getInt();
    if (checksum != masked(bytes)) {
      throw new IllegalArgumentException("a wrong checksum before byte " + in.position());
    }
    return bytes;
  }

  private static int masked(byte[] bytes) {
    int crc = ~0;
    for (byte b : bytes) {
      crc ^= b & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  static long step(Message event) {
    return event.has(2) ? event.one(2).bits() : 0;
  }

  /** The values of all summaries. */
  static Stream<Message> values(List<Message> events) {
    return events.stream()
        .filter(event -> event.has(5))
        .flatMap(event -> event.one(5).message().all(1))
        .map(Field::message);
  }

  static List<Scalar> scalars(List<Message> events) {
    List<Scalar> scalars = new ArrayList<>();
    for (Message event : events) {
      if (event.has(5)) {
        event
            .one(5)
            .message()
            .all(1)
            .map(Field::message)
            .filter(value -> value.has(2))
            .forEach(
                value ->
                    scalars.add(
                        new Scalar(value.one(1).text(), step(event), value.one(2).single())));
      }
    }
    return scalars;
  }
}
