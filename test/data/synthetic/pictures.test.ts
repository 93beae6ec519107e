import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { drawPictures } from "../../../src/data/synthetic/pictures";

const PICTURE_SIZE = 32 * 32 * 3;
const TRAIN = 0;
const TEST = 1;

function digest(samples: number, seed: number, stream: number): string {
  const { images, labels } = drawPictures(samples, seed, stream);
  return createHash("sha256")
    .update(images.data)
    .update(labels.data)
    .digest("hex");
}

test("shapes are CIFAR-10's", () => {
  const { images, labels } = drawPictures(7, 1, TRAIN);
  assert.equal(`${images}`, "(7, 32, 32, 3) uint8");
  assert.equal(`${labels}`, "(7, 1) uint8");
});

test("a seed gives the same pictures on every machine", () => {
  assert.equal(
    digest(200, 1, TRAIN),
    "28582908dda9b47f978651fdd175cd79305960a555136e72ce7814ebb3e887df",
  );
  assert.equal(
    digest(100, 1, TEST),
    "d6d288f108cd4a004ba14e69e8eef25ae37d421bdc609f7841bc4da5440af220",
  );
});

test("the first pictures do not depend on how many are drawn", () => {
  const many = drawPictures(230, 5, TRAIN);
  for (const samples of [1, 99, 100, 101, 200]) {
    const some = drawPictures(samples, 5, TRAIN);
    assert.deepEqual(some.images.data, many.images.slice(0, samples).data);
    assert.deepEqual(some.labels.data, many.labels.slice(0, samples).data);
  }
});

test("seeds differ, and so do training and test pictures", () => {
  const digests = [
    digest(20, 1, TRAIN),
    digest(20, 1, TEST),
    digest(20, 2, TRAIN),
    digest(20, 2, TEST),
  ];
  assert.equal(new Set(digests).size, 4);
});

test("no picture comes twice, in training or in test", () => {
  const seen = new Set<string>();
  for (const stream of [TRAIN, TEST]) {
    const { images } = drawPictures(500, 1, stream);
    for (let index = 0; index < 500; index++) {
      const picture = images.slice(index, index + 1).data;
      seen.add(createHash("sha256").update(picture).digest("hex"));
    }
  }
  assert.equal(seen.size, 1000);
});

test("every hundred pictures hold ten of each class", () => {
  const { labels } = drawPictures(500, 3, TRAIN);
  for (let start = 0; start < 500; start += 100) {
    const counts = new Array<number>(10).fill(0);
    for (const label of labels.slice(start, start + 100).data) counts[label]!++;
    assert.deepEqual(counts, new Array(10).fill(10));
  }
});

test("classes come in no order", () => {
  const { labels } = drawPictures(500, 3, TRAIN);
  const followers = new Set<string>();
  for (let index = 1; index < 500; index++) {
    followers.add(`${labels.data[index - 1]} ${labels.data[index]}`);
  }
  // Of the hundred pairs there can be, nearly all turn up among 499 drawn at random.
  assert.ok(followers.size > 85, String(followers.size));
});

test("pictures use the whole range, and none is blank", () => {
  const { images } = drawPictures(300, 1, TRAIN);
  let [least, most] = [255, 0];
  for (let index = 0; index < 300; index++) {
    const picture = images.slice(index, index + 1).data;
    const mean = picture.reduce((sum, value) => sum + value, 0) / PICTURE_SIZE;
    const variance =
      picture.reduce((sum, value) => sum + (value - mean) ** 2, 0) /
      PICTURE_SIZE;
    assert.ok(Math.sqrt(variance) > 8, `picture ${index}`);
    least = Math.min(least, ...picture);
    most = Math.max(most, ...picture);
  }
  assert.equal(least, 0);
  assert.equal(most, 255);
});

test("a picture's likeness to the mean picture of a class gives little away", () => {
  const train = drawPictures(1500, 1, TRAIN);
  const held = drawPictures(500, 1, TEST);
  const means = Array.from(
    { length: 10 },
    () => new Float64Array(PICTURE_SIZE),
  );
  train.labels.data.forEach((label, index) => {
    const picture = train.images.slice(index, index + 1).data;
    picture.forEach((value, at) => (means[label]![at]! += value / 150));
  });
  let right = 0;
  held.labels.data.forEach((label, index) => {
    const picture = held.images.slice(index, index + 1).data;
    const distances = means.map((mean) =>
      picture.reduce((sum, value, at) => sum + (value - mean[at]!) ** 2, 0),
    );
    if (distances.indexOf(Math.min(...distances)) === label) right++;
  });
  // Guessing is right once in ten; colour and place may help a little, as they do with photographs.
  assert.ok(right / 500 < 0.3, String(right / 500));
});
