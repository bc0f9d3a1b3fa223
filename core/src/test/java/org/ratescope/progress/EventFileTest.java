package org.ratescope.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.io.ProtobufWriter;
import org.ratescope.progress.EventReader.Message;

class EventFileTest {
  private static final double TIME = 1_764_000_000.5;

  /**
   * Length 24 and its checksum; field 1, eight bytes, the time; field 3, 13 bytes of text; the
   * checksum. TensorBoard 2.21's own record writer and messages give these bytes.
   */
  private static final String VERSION =
      "1800000000000000"
          + "a37f4b22"
          + "09"
          + "000020402049da41"
          + "1a0d"
          + "627261696e2e4576656e743a32"
          + "835d4826";

  /**
   * Length 33; the time; field 2, step 300 = 0xac 0x02; field 5, 19 bytes, a summary; its field 1,
   * 17 bytes, a value; its field 1, ten letters; its field 2, four bytes, 12.34. Likewise.
   */
  private static final String RATE =
      "2100000000000000"
          + "017becf6"
          + "09"
          + "000020402049da41"
          + "10ac02"
          + "2a13"
          + "0a11"
          + "0a0a"
          + "62617463682f72617465"
          + "15"
          + "a4704541"
          + "173209ab";

  @TempDir Path folder;

  @Test
  void bytesAreThoseOfTensorBoard() {
    assertThat(hex(TensorBoardEvent.fileVersion(TIME))).isEqualTo(VERSION);
    assertThat(
            hex(TensorBoardEvent.summary(TIME, 300, TensorBoardEvent.scalar("batch/rate", 12.34))))
        .isEqualTo(RATE);
  }

  private static String hex(ProtobufWriter event) {
    return HexFormat.of().formatHex(EventFile.record(event.bytes()));
  }

  @Test
  void aFileGrowsByWholeRecords() throws Exception {
    Path path = folder.resolve("deeper/events");
    EventFile file = new EventFile(path);
    file.add(TensorBoardEvent.fileVersion(TIME));
    file.flush();
    file.add(TensorBoardEvent.sessionStart(TIME));
    file.add(
        TensorBoardEvent.summary(
            TIME,
            1L << 40,
            TensorBoardEvent.scalar("a", -1),
            TensorBoardEvent.scalar("b", 2, "nats")));
    assertThat(EventReader.events(path)).hasSize(1);
    file.flush();
    file.flush();

    List<Message> events = EventReader.events(path);
    assertThat(events).hasSize(3);
    assertThat(events.get(0).one(3).text()).isEqualTo("brain.Event:2");
    assertThat(events.get(0).one(1).real()).isEqualTo(TIME);
    assertThat(events.get(1).one(7).message().one(1).bits()).isEqualTo(1);
    assertThat(EventReader.step(events.get(2))).isEqualTo(1L << 40);
    assertThat(EventReader.scalars(events))
        .containsExactly(
            new EventReader.Scalar("a", 1L << 40, -1), new EventReader.Scalar("b", 1L << 40, 2));
    Message described = EventReader.values(events).toList().get(1).one(9).message();
    assertThat(described.one(1).message().one(1).text()).isEqualTo("scalars");
    assertThat(described.one(3).text()).isEqualTo("nats");
  }

  @Test
  void theReaderSeesADamagedByte() throws Exception {
    Path path = folder.resolve("events");
    EventFile file = new EventFile(path);
    file.add(TensorBoardEvent.fileVersion(TIME));
    file.flush();
    byte[] bytes = Files.readAllBytes(path);
    bytes[20]++;
    Files.write(path, bytes);

    assertThatThrownBy(() -> EventReader.events(path)).hasMessageContaining("wrong checksum");
  }

  @Test
  void hyperparametersAreNumbersAndTexts() {
    ProtobufWriter value =
        TensorBoardEvent.hyperparameters(
            new TreeMap<>(Map.of("beta", 0.5, "split", "cv:0.1")), "g", TIME);
    Message plugin = Message.parse(value.bytes()).one(9).message().one(1).message();

    assertThat(Message.parse(value.bytes()).one(1).text())
        .isEqualTo("_hparams_/session_start_info");
    assertThat(plugin.one(1).text()).isEqualTo("hparams");
    Message info = plugin.one(2).message().one(3).message();
    assertThat(info.one(4).text()).isEqualTo("g");
    List<Message> entries = info.all(1).map(EventReader.Field::message).toList();
    assertThat(entries.get(0).one(1).text()).isEqualTo("beta");
    assertThat(entries.get(0).one(2).message().one(2).real()).isEqualTo(0.5);
    assertThat(entries.get(1).one(1).text()).isEqualTo("split");
    assertThat(entries.get(1).one(2).message().one(3).text()).isEqualTo("cv:0.1");
  }
}
