// What runs once the page is there.
document.addEventListener("DOMContentLoaded", () => {
  setUpTools();
  setUpContents();
  closeContentsOutside();
  setUpKeys();
  setUpTabs();
  setUpListings();
  setUpPreviews();
  setUpReading();
});
