package org.ratescope.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Transfers the host's input of a step to a device: row numbers and noise, in one asynchronous
 * copy. Host memory has several slots, so that the host may be that many steps ahead; when all are
 * used it waits once for the device. The buffer belongs to the scope that was open when it was
 * created.
 */
public final class StagingBuffer {
  private final Device device;
  private final List<Tensor> slots = new ArrayList<>(); // bytes in host memory
  private final Tensor arrived; // the same bytes on the device
  private final long rowBytes;
  private final ScalarType type;
  private int used;

  /**
   * @param count slots
   * @param rows row numbers of a step
   * @param values floating-point values of a step
   * @param type their type
   */
  public StagingBuffer(Device device, int count, int rows, int values, ScalarType type) {
    this.device = device;
    this.type = type;
    rowBytes = (long) rows * Long.BYTES;
    long bytes = rowBytes + values * (type == ScalarType.Double ? 8L : 4L);
    for (int i = 0; i < count; i++) {
      Tensor slot = Tensors.empty(ScalarType.Byte, bytes);
      slots.add(device.kind() == Device.Kind.CUDA ? slot.pin_memory() : slot);
    }
    arrived = Tensors.empty(device, ScalarType.Byte, bytes);
  }

  /** Row numbers on the device. [rows] int64 */
  public Tensor rows() {
    return rows(arrived);
  }

  /** Values on the device. [values] */
  public Tensor values() {
    return values(arrived);
  }

  private Tensor rows(Tensor bytes) {
    return bytes.narrow(0, 0, rowBytes).view(ScalarType.Long);
  }

  private Tensor values(Tensor bytes) {
    return bytes.narrow(0, rowBytes, bytes.numel() - rowBytes).view(type);
  }

  /** Starts the copy of both; earlier copies may still be in progress. */
  public void send(long[] rowNumbers, double[] values) {
    if (used == slots.size()) {
      device.synchronize();
      used = 0;
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor slot = slots.get(used++);
      Tensors.write(rowNumbers, rows(slot));
      Tensors.write(values, values(slot));
      arrived.copy_(slot, true);
    }
  }
}
